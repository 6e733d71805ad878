import { useTranslation } from 'react-i18next';
import { SelectField, type FieldProps } from './fields.tsx';
import { periods, type Period } from './periods.ts';

/** How far back something goes; empty: all the way. */
export function PeriodField<V extends object>(props: FieldProps<V, string>) {
  const { t } = useTranslation('parts');
  const options = usePeriods();
  return <SelectField {...props} options={[{ value: '', label: t('all') }, ...options]} />;
}

/** The periods there are, for a choice. */
export function usePeriods(): readonly { readonly value: string; readonly label: string }[] {
  const { t } = useTranslation('parts');
  return (Object.keys(periods) as Period[]).map((value) => ({ value, label: t(`period.${value}`) }));
}
