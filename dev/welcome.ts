import type { ApiClient } from './api-client.ts';
import { laptopTenant } from './laptop-tenant.ts';

/** What to tell somebody who has just started the laptop stack. */
export async function welcome(
  api: ApiClient,
  { url, key, pages, folder }: { url: string; key: string; pages: string; folder: string | undefined },
): Promise<string> {
  const accounts = await api.call<{ data: { id: string; address: string }[] }>('GET', '/v1/accounts');
  const [ada, grace] = ['ada', 'grace'].map((name) =>
    accounts.data.find(({ address }) => address === `${name}@contoso.example`),
  );
  const link = grace && (await api.call<{ url: string }>('POST', `/v1/accounts/${grace.id}/connect-link`)).url;
  const kept =
    folder === undefined ? 'Nothing is kept; with  npm start -- --data DIR  it is.' : `All is kept in ${folder}.`;
  return `
Postern runs on this machine, with a Microsoft 365 of its own.

  Console     ${url}/console      (sign in with the admin key, or with Microsoft as Ada)
  API         ${url}      (to read: ${url}/docs)
  Admin key   ${key}
  Mailboxes   ada@, grace@, notifications@ and the shared support@contoso.example, all connected
  Sign-in     to connect Grace's mailbox again by hand, as its owner does:
              ${link ?? '(there is no account for grace@contoso.example)'}
  Failures    ${pages}/failures      (switch one on, then test a mailbox)

Send a message from Ada to Grace:

  curl -s ${url}/v1/messages \\
    -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"from": "Ada <ada@contoso.example>", "to": "grace@contoso.example", "subject": "Hello", "text": "It works."}'

See what became of it, and, within a minute, how it arrived:

  curl -s ${url}/v1/messages -H 'Authorization: Bearer ${key}'
  curl -s ${url}/v1/received -H 'Authorization: Bearer ${key}'

Test Ada's mailbox leg by leg, as it is, or with a failure switched on:

  curl -s -X POST ${url}/v1/accounts/${ada?.id ?? 'ID'}/test -H 'Authorization: Bearer ${key}'

Ctrl-C ends it. ${kept}
`;
}

/** The same where nothing was set up: what to enter where the console asks for it. */
export function emptyWelcome({ url, key }: { url: string; key: string }): string {
  const { clientId, tenantId, clientSecret, users } = laptopTenant;
  return `
Postern runs on this machine, with a Microsoft 365 of its own. Nothing is set up yet: the console leads through that.

  Console     ${url}/console/set-up
  Admin key   ${key}

What the Microsoft 365 on this machine has, for where the console asks:

  Application (client) ID   ${clientId}
  Directory (tenant) ID     ${tenantId}
  Client secret             ${clientSecret}
  Mailboxes                 ${users.map(({ address }) => address).join(', ')}

Ctrl-C ends it.
`;
}
