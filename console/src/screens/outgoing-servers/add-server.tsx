import { answer, api } from '../../api/client.ts';
import { useList, type Row } from '../../api/reading.ts';
import { AddServerPage } from '../../parts/add-server-page.tsx';
import { newLogin } from '../../parts/login-values.ts';
import type { Form } from '../../parts/use-form.ts';
import { ServerFields } from './server-fields.tsx';
import { newValues, toNew, type Values } from './server-values.ts';

export function AddServer() {
  const accounts = useList('/v1/accounts', { limit: 200 }).rows ?? [];
  return (
    <AddServerPage
      kind="outgoingServers"
      startWith={(account): Values => ({
        ...newValues,
        ...newLogin(account),
        fromFilter: account === undefined ? [] : [account.address],
      })}
      add={(values) => answer(api.POST('/v1/outgoing-servers', { body: toNew(values) }))}
    >
      {(form) => <ServerFields form={withOwnFilter(form, accounts)} />}
    </AddServerPage>
  );
}

/** As long as the From filter is the login's own address it follows the login. */
function withOwnFilter(form: Form<Values>, accounts: readonly Row<'/v1/accounts'>[]): Form<Values> {
  const ownOf = ({ auth, account, username }: Values): string[] => {
    const address = auth === 'outlook' ? accounts.find(({ id }) => id === account)?.address : username;
    return address?.includes('@') === true ? [address] : [];
  };
  return {
    ...form,
    set(name, value) {
      form.set(name, value);
      const { values } = form;
      const isOwn = JSON.stringify(values.fromFilter) === JSON.stringify(ownOf(values));
      if (isOwn && name !== 'fromFilter') form.set('fromFilter', ownOf({ ...values, [name]: value }));
    },
  };
}
