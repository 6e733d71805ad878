import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { SelectField } from '../../parts/fields.tsx';
import { ManyDialog } from '../../parts/many-dialog.tsx';
import { NameField } from '../../parts/name-field.tsx';
import { PeriodField } from '../../parts/period-field.tsx';
import { sinceOf } from '../../parts/periods.ts';

const statuses = ['parked', 'delivered'] as const;

/** Makes all deliveries to a destination that are in one state once more. `looked`: what the list shows, to begin with. */
export function RetryMany({ looked }: { looked: { destination?: string; status?: string; period?: string } }) {
  const { t } = useTranslation(['destinations', 'words']);
  return (
    <ManyDialog
      label={t('retryMany')}
      icon={<ArrowRepeatAllRegular />}
      start={{
        destination: looked.destination ?? '',
        status: statuses.find((each) => each === looked.status) ?? 'parked',
        period: looked.period ?? '',
      }}
      act={({ period, ...rest }) => {
        const body = { ...rest, ...sinceOf(period) };
        return async (cursor) => {
          const page = await answer(api.POST('/v1/deliveries/retry', { body: { ...body, ...cursor } }));
          return { count: page.retried, nextCursor: page.nextCursor };
        };
      }}
      submitLabel={t('retry')}
      done={t('retriedMany')}
    >
      {(form) => (
        <>
          <NameField form={form} name="destination" label={t('destination')} path="/v1/destinations" />
          <SelectField
            form={form}
            name="status"
            label={t('words:state')}
            hint={t('retryStatusHint')}
            options={statuses.map((value) => ({ value, label: t(`words:deliveryStatus.${value}`) }))}
          />
          <PeriodField form={form} name="period" label={t('since')} />
        </>
      )}
    </ManyDialog>
  );
}
