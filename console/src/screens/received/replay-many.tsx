import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { DestinationsField } from '../../parts/destinations-field.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { ManyDialog } from '../../parts/many-dialog.tsx';
import { NameField } from '../../parts/name-field.tsx';
import { PeriodField } from '../../parts/period-field.tsx';
import { sinceOf } from '../../parts/periods.ts';
import { receivedStatuses } from './received-status.tsx';

/** Delivers all mail of a server that is in one state once more. `looked`: what the list shows, to begin with. */
export function ReplayMany({ looked }: { looked: { incomingServer?: string; status?: string; period?: string } }) {
  const { t } = useTranslation(['received', 'words']);
  return (
    <ManyDialog
      label={t('replayMany')}
      icon={<ArrowRepeatAllRegular />}
      start={{
        incomingServer: looked.incomingServer ?? '',
        status: receivedStatuses.find((each) => each === looked.status) ?? 'parked',
        period: looked.period ?? '',
        destinations: [] as readonly string[],
      }}
      act={({ period, destinations, ...rest }) => {
        const to = destinations.length > 0 ? { destinations: [...destinations] } : {};
        const body = { ...rest, ...sinceOf(period), ...to };
        return async (cursor) => {
          const page = await answer(api.POST('/v1/received/replay', { body: { ...body, ...cursor } }));
          return { count: page.replayed, nextCursor: page.nextCursor };
        };
      }}
      submitLabel={t('replay')}
      done={t('replayedMany')}
    >
      {(form) => (
        <>
          <NameField form={form} name="incomingServer" label={t('incomingServer')} path="/v1/incoming-servers" />
          <SelectField
            form={form}
            name="status"
            label={t('words:state')}
            options={receivedStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          />
          <PeriodField form={form} name="period" label={t('receivedAt')} />
          <DestinationsField form={form} name="destinations" label={t('destinations')} hint={t('destinationsHint')} />
        </>
      )}
    </ManyDialog>
  );
}
