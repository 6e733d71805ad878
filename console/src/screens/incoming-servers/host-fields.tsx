import { useTranslation } from 'react-i18next';
import { FieldRow } from '../../parts/field-row.tsx';
import { NumberField, SelectField, TextField } from '../../parts/fields.tsx';
import type { Form } from '../../parts/use-form.ts';
import type { Values } from './server-values.ts';

/** Where the mail server is; for Outlook accounts the API knows. */
export function HostFields({ form }: { form: Form<Values> }) {
  const { t } = useTranslation('incomingServers');
  const isOutlook = form.values.auth === 'outlook';
  const encryptions = isOutlook ? (['tls', 'starttls'] as const) : (['tls', 'starttls', 'none'] as const);
  return (
    <FieldRow>
      <TextField
        form={form}
        name="host"
        label={t('host')}
        isRequired={!isOutlook}
        placeholder={isOutlook ? 'outlook.office365.com' : 'imap.contoso.com'}
      />
      <NumberField form={form} name="port" label={t('port')} min={1} max={65_535} />
      <SelectField
        form={form}
        name="encryption"
        label={t('encryption')}
        options={encryptions.map((value) => ({ value, label: t(`encryptions.${value}`) }))}
      />
    </FieldRow>
  );
}
