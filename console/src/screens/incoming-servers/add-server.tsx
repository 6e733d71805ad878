import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { useList, type Row } from '../../api/reading.ts';
import { SelectField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { Outline } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { useForm } from '../../parts/use-form.ts';
import { ServerFields } from './server-fields.tsx';
import { newValues, toFields, type Values } from './server-values.ts';

export function AddServer() {
  const { t } = useTranslation('incomingServers');
  const { rows } = useList('/v1/accounts', { limit: 200 });
  return (
    <Page title={t('addTitle')} description={t('addDescription')} back={{ to: '/', label: t('title') }}>
      <Section>{rows === undefined ? <Outline /> : <AddForm accounts={rows} />}</Section>
    </Page>
  );
}

function AddForm({ accounts }: { accounts: readonly Row<'/v1/accounts'>[] }) {
  const { t } = useTranslation('incomingServers');
  const [, navigate] = useLocation();
  const [query] = useSearchParams();
  const first = accounts.find(({ id }) => id === query.get('account')) ?? accounts[0];
  const form = useForm({
    start: { ...newValues, auth: first === undefined ? 'password' : 'outlook', account: first?.id ?? '' },
    save: (values: Values) => answer(api.POST('/v1/incoming-servers', { body: toBody(values) })),
    done: t('added'),
    after({ id }) {
      navigate(`/${id}`, { replace: true });
    },
  });
  return (
    <FormBody form={form} submitLabel={t('add')}>
      <SelectField
        form={form}
        name="auth"
        label={t('auth')}
        options={(['outlook', 'password'] as const).map((value) => ({ value, label: t(`auths.${value}`) }))}
      />
      <ServerFields form={form} accounts={accounts} />
    </FormBody>
  );
}

function toBody(values: Values) {
  const { auth, account, username, password, encryption, host } = values;
  if (auth === 'password') return { ...toFields(values), auth, host, username, password, encryption };
  // That the API refuses an encryption it does not know is better than another one in its place.
  return { ...toFields(values), auth, account, encryption: encryption as 'starttls' | 'tls' };
}
