import { beforeAll, expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { until } from '../../dev/until.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived } from '../support/receiving.ts';
import { refreshToken } from '../support/refresh-token.ts';
import { readAllSecrets } from '../support/vault-secrets.ts';

const { clientId, tenantId: tenant } = laptopTenant;
let flow: Flow;
let ada: string;
let incoming: string;

beforeAll(async () => {
  flow = await startFlow({
    settings: { MICROSOFT_CLIENT_ID: clientId, MICROSOFT_TENANT_ID: tenant, MICROSOFT_CREDENTIAL: 'managed-identity' },
  });
});

const federated = () => {
  const [credential] = flow.microsoft365.application(clientId).federatedCredentials ?? [];
  if (credential === undefined) throw new Error('The application has no federated credential.');
  return credential;
};

it('is all set by the deployment, and shows what the federated credential must say', async () => {
  expect(await flow.api.call('GET', '/v1/app')).toEqual({
    configured: true,
    setBy: 'deployment',
    clientId,
    tenant,
    cloud: 'global',
    redirectUri: `${flow.url}/microsoft_outlook/confirm`,
    consoleRedirectUri: `${flow.url}/console/signed-in`,
    consoleRole: 'Postern.Admin',
    credential: { kind: 'managed-identity', federation: federated() },
    scopes: ['https://outlook.office.com/SMTP.Send', 'https://outlook.office.com/IMAP.AccessAsUser.All'],
  });
});

it('connects, sends and reads without any secret', async () => {
  ada = (await flow.connect('ada@contoso.example')).id;
  await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada });
  incoming = await addConfirmed(flow, { account: ada });
  const mail = { from: 'ada@contoso.example', to: 'ada@contoso.example', subject: 'Without a secret', text: 'Hello' };
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/messages', mail);
  await until(async () => (await flow.api.call('GET', `/v1/messages/${id}`))['status'] === 'sent');
  await fetchNow(flow, incoming);
  expect((await listReceived(flow, incoming)).map(({ subject }) => subject)).toEqual(['Without a secret']);
  expect(Object.keys(await readAllSecrets(flow.settings)).filter((name) => /client-secret/.test(name))).toEqual([]);
});

it('refreshes tokens, on another instance too', async () => {
  expect((await refreshToken(flow, flow.api, incoming)).status).toBe(200);
  const other = createApiClient((await flow.startSecondHost()).url, flow.adminKey);
  expect((await other.ask('POST', `/v1/incoming-servers/${incoming}/confirm`)).status).toBe(200);
});

it.each([
  ['issuer', 'https://login.microsoftonline.com/another/v2.0', '700211'],
  ['subject', '11111111-1111-4111-8111-111111111111', '700213'],
  ['audience', 'api://AzureADTokenExchangeChina', '700212'],
] as const)(
  'with another %s in the federated credential the app is at fault, not the account',
  async (part, value, number) => {
    const right = federated()[part];
    federated()[part] = value;
    const { status, body } = await refreshToken(flow, flow.api, incoming);
    expect([status, body.code, body.upstream?.aadsts]).toEqual([409, 'app-credential-refused', number]);
    expect(body.detail).toContain(part);
    expect(body.remedy).toContain(`az ad app federated-credential list --id ${clientId}`);

    const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${ada}/connect`);
    const page = await fetch(await signInRedirect(authorizeUrl));
    expect(page.status).toBe(409);
    expect(await page.text()).toContain(`AADSTS${number}`);
    expect(await flow.api.call('GET', `/v1/accounts/${ada}`)).toMatchObject({ state: 'connected' });

    federated()[part] = right;
    expect((await refreshToken(flow, flow.api, incoming)).status).toBe(200);
  },
);

it.each([
  ['another application', { clientId: '11111111-1111-4111-8111-111111111111', tenant }, 'MICROSOFT_CLIENT_ID'],
  ['another tenant', { clientId, tenant: 'common' }, 'MICROSOFT_TENANT_ID'],
  ['a secret', { clientId, tenant, clientSecret: 'not-wanted-here' }, 'MICROSOFT_CREDENTIAL'],
])('takes no %s through the API', async (_what, body, setting) => {
  const answer = await flow.api.ask('PUT', '/v1/app', body);
  expect([answer.status, answer.body['code']]).toEqual([409, 'conflict']);
  expect(answer.body['remedy']).toContain(setting);
  expect(await flow.api.call('GET', '/v1/app')).toMatchObject({ clientId, tenant, setBy: 'deployment' });
});
