import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormBody } from './form-body.tsx';
import { useForm, type Form, type Shown } from './use-form.ts';

/** The form that changes what is there. */
export function SettingsForm<V extends object>(props: {
  start: V;
  etag: string | undefined;
  save: (values: V, shown: Shown<V>) => Promise<unknown>;
  children: (form: Form<V>) => ReactNode;
}) {
  const { children, ...saving } = props;
  const { t } = useTranslation('words');
  const form = useForm({ ...saving, done: t('saved') });
  return (
    <FormBody form={form} submitLabel={t('save')}>
      {children(form)}
    </FormBody>
  );
}
