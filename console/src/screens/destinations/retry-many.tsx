import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { everyPage } from '../../api/every-page.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useAction } from '../../parts/use-action.ts';

/** Which deliveries: to a destination, in this state, begun then or later. */
interface Wanted {
  readonly destination: string;
  readonly status: 'delivered' | 'parked';
  readonly since?: string;
}

/** Makes all deliveries to a destination that are in one state once more. */
export function RetryMany({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation('destinations');
  const [done, setDone] = useState(0);
  const retry = useAction(
    () =>
      everyPage(async (cursor) => {
        const page = await answer(api.POST('/v1/deliveries/retry', { body: { ...wanted, ...cursor } }));
        return { count: page.retried, nextCursor: page.nextCursor };
      }, setDone),
    { done: t('retriedMany') },
  );
  return (
    <ActionButton
      icon={<ArrowRepeatAllRegular />}
      isBusy={retry.isBusy}
      onClick={() => {
        retry.run();
      }}
    >
      {retry.isBusy ? t('retrying', { done }) : t('retryMany')}
    </ActionButton>
  );
}
