import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormBody } from './form-body.tsx';
import { useForm, type Form } from './use-form.ts';

/** The form that changes what is there. */
export function SettingsForm<V extends object>(props: {
  start: V;
  save: (values: V) => Promise<unknown>;
  children: (form: Form<V>) => ReactNode;
}) {
  const { start, save, children } = props;
  const { t } = useTranslation('words');
  const form = useForm({ start, save, done: t('saved') });
  return (
    <FormBody form={form} submitLabel={t('save')}>
      {children(form)}
    </FormBody>
  );
}
