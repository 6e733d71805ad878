import { useTranslation } from 'react-i18next';
import { useNames, type NamedPath } from '../api/names.ts';
import { SelectField, type FieldProps } from './fields.tsx';

/** One of the things of a kind, which has to be chosen. */
export function NameField<V extends object>({ path, ...props }: FieldProps<V, string> & { path: NamedPath }) {
  const { t } = useTranslation('parts');
  const { options } = useNames(path);
  return <SelectField {...props} options={[{ value: '', label: t('choose') }, ...options]} isRequired />;
}
