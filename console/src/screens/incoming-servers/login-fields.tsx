import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { FieldRow } from '../../parts/field-row.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import type { Form } from '../../parts/use-form.ts';
import { HostFields } from './host-fields.tsx';
import type { Values } from './server-values.ts';

/** How the mailbox is opened: through an account, or with a password at any other mail server. */
export function LoginFields(props: { form: Form<Values>; accounts: readonly Row<'/v1/accounts'>[]; isKept: boolean }) {
  const { form, accounts, isKept } = props;
  const { t } = useTranslation(['incomingServers', 'words']);
  const isOutlook = form.values.auth === 'outlook';
  const own = accounts.find(({ id }) => id === form.values.account)?.address;
  return (
    <>
      {isOutlook ? (
        <>
          <SelectField
            form={form}
            name="account"
            label={t('words:account')}
            hint={t('accountHint')}
            options={accounts.map(({ id, address }) => ({ value: id, label: address }))}
          />
          <TextField
            form={form}
            name="mailbox"
            type="email"
            label={t('mailbox')}
            hint={t('mailboxHint')}
            {...(own !== undefined && { placeholder: own })}
          />
        </>
      ) : (
        <FieldRow>
          <TextField form={form} name="username" label={t('username')} isRequired />
          <TextField
            form={form}
            name="password"
            type="password"
            autoComplete="new-password"
            label={t('password')}
            hint={t(isKept ? 'passwordKept' : 'passwordHint')}
            isRequired={!isKept}
          />
        </FieldRow>
      )}
      {!isOutlook && <HostFields form={form} />}
    </>
  );
}
