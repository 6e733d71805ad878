import { useTranslation } from 'react-i18next';
import { useList } from '../api/reading.ts';
import { FieldRow } from './field-row.tsx';
import { SelectField, TextField } from './fields.tsx';
import type { LoginValues } from './login-values.ts';
import type { Form } from './use-form.ts';

/** Who logs in: an account, or a name with a password. Which of them, nobody changes in a server that is there (`isKept`). */
export function LoginFields(props: { form: Form<LoginValues>; accountHint: string; isKept: boolean }) {
  const { form, accountHint, isKept } = props;
  const { t } = useTranslation('words');
  const accounts = useList('/v1/accounts', { limit: 200 }).rows ?? [];
  return (
    <>
      {!isKept && (
        <SelectField
          form={form}
          name="auth"
          label={t('server.auth')}
          options={(['outlook', 'password'] as const).map((value) => ({ value, label: t(`server.auths.${value}`) }))}
        />
      )}
      {form.values.auth === 'outlook' ? (
        <SelectField
          form={form}
          name="account"
          label={t('account')}
          hint={accountHint}
          options={accounts.map(({ id, address }) => ({ value: id, label: address }))}
        />
      ) : (
        <FieldRow>
          <TextField form={form} name="username" label={t('server.username')} isRequired />
          <TextField
            form={form}
            name="password"
            type="password"
            autoComplete="new-password"
            label={t('server.password')}
            hint={t(isKept ? 'server.passwordKept' : 'server.passwordHint')}
            isRequired={!isKept}
          />
        </FieldRow>
      )}
    </>
  );
}
