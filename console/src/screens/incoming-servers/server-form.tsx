import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useList, type Row } from '../../api/reading.ts';
import { changedOf } from '../../parts/changed-of.ts';
import { FormBody } from '../../parts/form-body.tsx';
import { useForm } from '../../parts/use-form.ts';
import { ServerFields } from './server-fields.tsx';
import { toFields, toValues, type Values } from './server-values.ts';

/** The settings of an incoming server. */
export function ServerForm({ server }: { server: Row<'/v1/incoming-servers'> }) {
  const { t } = useTranslation('words');
  const accounts = useList('/v1/accounts', { limit: 200 });
  const start = toValues(server);
  const form = useForm({
    start,
    save: (values: Values) =>
      answer(
        api.PATCH('/v1/incoming-servers/{id}', {
          params: { path: { id: server.id } },
          body: changedOf(toPatch(start), toPatch(values)),
        }),
      ),
    done: t('saved'),
  });
  return (
    <FormBody form={form} submitLabel={t('save')}>
      <ServerFields form={form} accounts={accounts.rows ?? []} id={server.id} />
    </FormBody>
  );
}

function toPatch(values: Values) {
  const { auth, account, username, password, encryption } = values;
  const login = auth === 'outlook' ? { account } : { username, ...(password !== '' && { password }) };
  return { ...toFields(values), ...login, encryption };
}
