import { Button, ProgressBar, Text } from '@fluentui/react-components';
import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { everyPage } from '../../api/every-page.ts';
import { useNames } from '../../api/names.ts';
import { DestinationsField } from '../../parts/destinations-field.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { useForm } from '../../parts/use-form.ts';
import type { ReceivedStatus } from './received-status.tsx';

/** Which mail: of a server, in this state, arrived then or later. */
interface Wanted {
  readonly incomingServer: string;
  readonly status: ReceivedStatus;
  readonly since?: string;
}

/** Delivers all mail of a server that is in one state once more. */
export function ReplayMany({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation('received');
  return (
    <FormDialog label={t('replayMany')} icon={<ArrowRepeatAllRegular />} title={t('replayManyTitle')}>
      {(close) => <ReplayManyForm wanted={wanted} close={close} />}
    </FormDialog>
  );
}

function ReplayManyForm({ wanted, close }: { wanted: Wanted; close: () => void }) {
  const { t } = useTranslation(['received', 'parts']);
  const servers = useNames('/v1/incoming-servers');
  const [count, setCount] = useState(0);
  const form = useForm({
    start: { destinations: [] as readonly string[] },
    save: ({ destinations }) => {
      const to = destinations.length > 0 ? { destinations: [...destinations] } : {};
      return everyPage(async (cursor) => {
        const page = await answer(api.POST('/v1/received/replay', { body: { ...wanted, ...to, ...cursor } }));
        return { count: page.replayed, nextCursor: page.nextCursor };
      }, setCount);
    },
    done: t('replayedMany'),
    after: close,
  });
  return (
    <FormBody form={form} submitLabel={t('replay')} otherActions={<Button onClick={close}>{t('parts:cancel')}</Button>}>
      <Text>
        {t('replayManyText', {
          server: servers.of(wanted.incomingServer),
          status: t(`status.${wanted.status}`),
        })}
      </Text>
      <DestinationsField form={form} name="destinations" label={t('destinations')} hint={t('destinationsHint')} />
      {form.isBusy && (
        <div role="status">
          <ProgressBar />
          {t('replaying', { done: count })}
        </div>
      )}
    </FormBody>
  );
}
