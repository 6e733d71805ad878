import { useTranslation } from 'react-i18next';
import { TextField } from '../../parts/fields.tsx';
import type { Form } from '../../parts/use-form.ts';

/** Who signs in for a shared mailbox. */
export function DelegateField({ form }: { form: Form<{ delegate: string }> }) {
  const { t } = useTranslation('accounts');
  return (
    <TextField form={form} name="delegate" label={t('delegate')} hint={t('delegateHint')} type="email" isRequired />
  );
}
