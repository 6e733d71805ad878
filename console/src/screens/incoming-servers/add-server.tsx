import { answer, api } from '../../api/client.ts';
import { AddServerPage } from '../../parts/add-server-page.tsx';
import { newLogin } from '../../parts/login-values.ts';
import { ServerFields } from './server-fields.tsx';
import { newValues, toNew, type Values } from './server-values.ts';

export function AddServer() {
  return (
    <AddServerPage
      kind="incomingServers"
      startWith={(account): Values => ({ ...newValues, ...newLogin(account) })}
      add={(values) => answer(api.POST('/v1/incoming-servers', { body: toNew(values) }))}
    >
      {(form) => <ServerFields form={form} />}
    </AddServerPage>
  );
}
