import { useTranslation } from 'react-i18next';
import { FieldRow } from './field-row.tsx';
import { NumberField, SelectField, TextField } from './fields.tsx';
import type { LoginValues } from './login-values.ts';
import type { Form } from './use-form.ts';

/** Where the mail server is, for which `hosts` gives examples; for Outlook accounts the API knows. */
export function HostFields(props: { form: Form<LoginValues>; hosts: Readonly<Record<LoginValues['auth'], string>> }) {
  const { form, hosts } = props;
  const { auth } = form.values;
  const { t } = useTranslation('words');
  const encryptions = auth === 'outlook' ? (['starttls', 'tls'] as const) : (['starttls', 'tls', 'none'] as const);
  return (
    <FieldRow>
      <TextField
        form={form}
        name="host"
        label={t('server.host')}
        isRequired={auth === 'password'}
        placeholder={hosts[auth]}
      />
      <NumberField form={form} name="port" label={t('server.port')} min={1} max={65_535} />
      <SelectField
        form={form}
        name="encryption"
        label={t('server.encryption')}
        options={encryptions.map((value) => ({ value, label: t(`server.encryptions.${value}`) }))}
      />
    </FieldRow>
  );
}
