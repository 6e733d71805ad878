import { Button, ProgressBar } from '@fluentui/react-components';
import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { everyPage } from '../../api/every-page.ts';
import { useNames } from '../../api/names.ts';
import { SelectField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { PeriodField } from '../../parts/period-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { sinceOf } from '../../parts/use-filters.ts';

const statuses = ['parked', 'delivered'] as const;

interface Wanted {
  readonly destination: string;
  readonly status: (typeof statuses)[number];
  readonly period: string;
}

/** Makes all deliveries to a destination that are in one state once more. `looked`: what the list shows, to begin with. */
export function RetryMany({ looked }: { looked: Partial<Record<keyof Wanted, string>> }) {
  const { t } = useTranslation('destinations');
  return (
    <FormDialog label={t('retryMany')} icon={<ArrowRepeatAllRegular />} title={t('retryManyTitle')}>
      {(close) => <RetryManyForm looked={looked} close={close} />}
    </FormDialog>
  );
}

function RetryManyForm({ looked, close }: { looked: Partial<Record<keyof Wanted, string>>; close: () => void }) {
  const { t } = useTranslation(['destinations', 'parts', 'words']);
  const destinations = useNames('/v1/destinations');
  const [count, setCount] = useState(0);
  const form = useForm<Wanted>({
    start: {
      destination: looked.destination ?? '',
      status: statuses.find((each) => each === looked.status) ?? 'parked',
      period: looked.period ?? '',
    },
    save: ({ destination, status, period }) => {
      const since = sinceOf(period, Date.now());
      const body = { destination, status, ...(since !== undefined && { since }) };
      return everyPage(async (cursor) => {
        const page = await answer(api.POST('/v1/deliveries/retry', { body: { ...body, ...cursor } }));
        return { count: page.retried, nextCursor: page.nextCursor };
      }, setCount);
    },
    done: t('retriedMany'),
    after: close,
  });
  return (
    <FormBody form={form} submitLabel={t('retry')} otherActions={<Button onClick={close}>{t('parts:cancel')}</Button>}>
      <SelectField
        form={form}
        name="destination"
        label={t('destination')}
        options={[{ value: '', label: t('choose') }, ...destinations.options]}
        isRequired
      />
      <SelectField
        form={form}
        name="status"
        label={t('words:state')}
        hint={t('retryStatusHint')}
        options={statuses.map((value) => ({ value, label: t(`words:deliveryStatus.${value}`) }))}
      />
      <PeriodField form={form} name="period" label={t('since')} />
      {form.isBusy && (
        <div role="status">
          <ProgressBar />
          {t('retrying', { done: count })}
        </div>
      )}
    </FormBody>
  );
}
