import type { ApiClient } from './api-client.ts';
import { laptopTenant } from './laptop-tenant.ts';
import { walkSignIn } from './walk-sign-in.ts';

interface Created {
  readonly id: string;
}

interface Connection {
  readonly authorizeUrl: string;
  readonly signInAs: string;
}

/**
 * Sets an empty stack up as a small company has it: connected accounts, a server for each sender, a notifications
 * address for everybody else, and mailboxes that are read. Through the API alone; does nothing where an app is set.
 */
export async function seed(api: ApiClient): Promise<void> {
  const app = await api.call<{ configured: boolean }>('GET', '/v1/app');
  if (app.configured) return;
  const { clientId, tenantId, clientSecret } = laptopTenant;
  await api.call('PUT', '/v1/app', { clientId, tenant: tenantId, clientSecret });

  const ada = await connect(api, { address: 'ada@contoso.example' });
  const grace = await connect(api, { address: 'grace@contoso.example' });
  const notifications = await connect(api, { address: 'notifications@contoso.example' });
  const support = await connect(api, {
    address: 'support@contoso.example',
    kind: 'shared',
    delegate: 'ada@contoso.example',
  });

  await api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada.id });
  await api.call('POST', '/v1/outgoing-servers', { name: 'Grace', account: grace.id });
  await api.call('POST', '/v1/outgoing-servers', { name: 'Support', account: support.id });
  await api.call('POST', '/v1/outgoing-servers', { name: 'Notifications', account: notifications.id, priority: 20 });
  await api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'notifications' });

  for (const [name, account] of [
    ['Grace', grace],
    ['Support', support],
  ] as const) {
    const server = await api.call<Created>('POST', '/v1/incoming-servers', { name, account: account.id });
    await api.call('POST', `/v1/incoming-servers/${server.id}/confirm`);
  }
}

/** Adds an account and signs in for it. */
export async function connect(api: ApiClient, account: Record<string, unknown>): Promise<Created> {
  const created = await api.call<Created>('POST', '/v1/accounts', account);
  const { authorizeUrl, signInAs } = await api.call<Connection>('POST', `/v1/accounts/${created.id}/connect`);
  const page = await walkSignIn(authorizeUrl, { as: signInAs });
  if (page.status !== 200)
    throw new Error(`The sign-in for ${String(account['address'])} ended with ${page.status}: ${await page.text()}`);
  return created;
}
