import { Button, ProgressBar } from '@fluentui/react-components';
import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { everyPage } from '../../api/every-page.ts';
import { useNames } from '../../api/names.ts';
import { DestinationsField } from '../../parts/destinations-field.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { PeriodField } from '../../parts/period-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { sinceOf } from '../../parts/use-filters.ts';
import { receivedStatuses, type ReceivedStatus } from './received-status.tsx';

interface Wanted {
  readonly incomingServer: string;
  readonly status: ReceivedStatus;
  readonly period: string;
}

/** Delivers all mail of a server that is in one state once more. `looked`: what the list shows, to begin with. */
export function ReplayMany({ looked }: { looked: Partial<Record<keyof Wanted, string>> }) {
  const { t } = useTranslation('received');
  return (
    <FormDialog label={t('replayMany')} icon={<ArrowRepeatAllRegular />} title={t('replayManyTitle')}>
      {(close) => <ReplayManyForm looked={looked} close={close} />}
    </FormDialog>
  );
}

function ReplayManyForm({ looked, close }: { looked: Partial<Record<keyof Wanted, string>>; close: () => void }) {
  const { t } = useTranslation(['received', 'parts', 'words']);
  const servers = useNames('/v1/incoming-servers');
  const [count, setCount] = useState(0);
  const form = useForm({
    start: {
      incomingServer: looked.incomingServer ?? '',
      status: receivedStatuses.find((each) => each === looked.status) ?? 'parked',
      period: looked.period ?? '',
      destinations: [] as readonly string[],
    },
    save: ({ incomingServer, status, period, destinations }) => {
      const since = sinceOf(period, Date.now());
      const body = {
        ...{ incomingServer, status },
        ...(since !== undefined && { since }),
        ...(destinations.length > 0 && { destinations: [...destinations] }),
      };
      return everyPage(async (cursor) => {
        const page = await answer(api.POST('/v1/received/replay', { body: { ...body, ...cursor } }));
        return { count: page.replayed, nextCursor: page.nextCursor };
      }, setCount);
    },
    done: t('replayedMany'),
    after: close,
  });
  return (
    <FormBody form={form} submitLabel={t('replay')} otherActions={<Button onClick={close}>{t('parts:cancel')}</Button>}>
      <SelectField
        form={form}
        name="incomingServer"
        label={t('incomingServer')}
        options={[{ value: '', label: t('choose') }, ...servers.options]}
        isRequired
      />
      <SelectField
        form={form}
        name="status"
        label={t('words:state')}
        options={receivedStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
      />
      <PeriodField form={form} name="period" label={t('receivedAt')} />
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
