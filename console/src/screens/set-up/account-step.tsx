import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ConnectOutlook } from '../../parts/connect-outlook.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { useForm } from '../../parts/use-form.ts';
import { Another } from './another.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Progress } from './steps.ts';

const useStyles = makeStyles({
  account: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
});

/** A mailbox's owner signs in once, for sending and receiving. */
export function AccountStep({ progress: { accounts, isDone } }: { progress: Progress }) {
  const styles = useStyles();
  const { t } = useTranslation('setUp');
  return (
    <StepFrame step="account" isDone={isDone.account}>
      {accounts.map((account) => (
        <div key={account.id} className={styles.account}>
          <Text weight="semibold">{account.address}</Text>
          <ConnectOutlook account={account} />
        </div>
      ))}
      <Another key={accounts.length} isFirst={accounts.length === 0} label={t('account.another')}>
        <AccountForm />
      </Another>
    </StepFrame>
  );
}

const nobody: { address: string; kind: 'user' | 'shared'; delegate: string } = {
  address: '',
  kind: 'user',
  delegate: '',
};

function AccountForm() {
  const { t } = useTranslation(['setUp', 'words']);
  const form = useForm({
    start: nobody,
    save: ({ address, kind, delegate }) =>
      answer(
        api.POST('/v1/accounts', {
          body: { address: address.trim(), kind, ...(kind === 'shared' && { delegate: delegate.trim() }) },
        }),
      ),
  });
  return (
    <FormBody form={form} submitLabel={t('account.add')}>
      <TextField
        form={form}
        name="address"
        type="email"
        label={t('account.address')}
        hint={t('account.addressHint')}
        placeholder="ada@contoso.com"
        isRequired
      />
      <SelectField
        form={form}
        name="kind"
        label={t('account.kind')}
        options={(['user', 'shared'] as const).map((value) => ({ value, label: t(`account.kinds.${value}`) }))}
      />
      {form.values.kind === 'shared' && (
        <TextField
          form={form}
          name="delegate"
          type="email"
          label={t('account.delegate')}
          hint={t('account.delegateHint')}
          isRequired
        />
      )}
    </FormBody>
  );
}
