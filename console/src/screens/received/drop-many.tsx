import { Text } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ManyDialog } from '../../parts/many-dialog.tsx';
import { NameField } from '../../parts/name-field.tsx';
import { PeriodField } from '../../parts/period-field.tsx';
import { sinceOf } from '../../parts/periods.ts';

/** Drops all parked mail of a server. `looked`: what the list shows, to begin with. */
export function DropMany({ looked }: { looked: { incomingServer?: string; period?: string } }) {
  const { t } = useTranslation('received');
  return (
    <ManyDialog
      label={t('dropMany')}
      icon={<DeleteRegular />}
      appearance="subtle"
      start={{ incomingServer: looked.incomingServer ?? '', period: looked.period ?? '' }}
      act={({ incomingServer, period }) => {
        const body = { incomingServer, ...sinceOf(period) };
        return async (cursor) => {
          const page = await answer(api.POST('/v1/received/drop', { body: { ...body, ...cursor } }));
          return { count: page.dropped, nextCursor: page.nextCursor };
        };
      }}
      submitLabel={t('drop')}
      done={t('droppedMany')}
    >
      {(form) => (
        <>
          <Text>{t('dropManyText')}</Text>
          <NameField form={form} name="incomingServer" label={t('incomingServer')} path="/v1/incoming-servers" />
          <PeriodField form={form} name="period" label={t('receivedAt')} />
        </>
      )}
    </ManyDialog>
  );
}
