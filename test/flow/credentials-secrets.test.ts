import { beforeAll, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { until } from '../../dev/until.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { expectNowhere } from '../support/canaries.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed } from '../support/receiving.ts';
import { refreshToken } from '../support/refresh-token.ts';
import { readAllSecrets } from '../support/vault-secrets.ts';

const { clientId, tenantId: tenant } = laptopTenant;
const [one, two, mistyped, three] = [
  laptopTenant.clientSecret,
  'second-client-secret',
  'mistyped-client-secret',
  'third-client-secret',
];
const ends = '2028-11-22T00:00:00Z';

interface App {
  readonly credential: {
    readonly kind: string;
    readonly expiresAt?: string;
    readonly secrets: { readonly setAt: string; readonly expiresAt?: string }[];
  };
}

let flow: Flow;
let ada: string;
let incoming: string;
/** Two instances that hold a client for the account. */
let instances: ApiClient[];
const seen: unknown[] = [];

beforeAll(async () => {
  flow = await startFlow();
  ada = (await flow.connect('ada@contoso.example')).id;
  await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada });
  incoming = await addConfirmed(flow, { account: ada });
  instances = [flow.api, createApiClient((await flow.startSecondHost()).url, flow.adminKey)];
  for (const api of instances) expect((await refreshToken(flow, api, incoming)).status).toBe(200);
});

async function put(clientSecret: string, more: Record<string, unknown> = {}): Promise<App['credential']> {
  const app = await flow.api.call<App>('PUT', '/v1/app', { clientId, tenant, clientSecret, ...more });
  seen.push(app, await flow.api.call('GET', '/v1/app'));
  return app.credential;
}

async function expectRefreshes(status: number): Promise<void> {
  for (const api of instances) {
    const answer = await refreshToken(flow, api, incoming);
    seen.push(answer.body);
    expect([answer.status, answer.body.code]).toEqual([status, status === 200 ? undefined : 'app-credential-refused']);
  }
}

const secretsInVault = async () =>
  Object.entries(await readAllSecrets(flow.settings))
    .filter(([name]) => name.startsWith('client-secret-'))
    .map(([, value]) => value)
    .toSorted();

it('takes a new one before Microsoft knows it, and keeps the former', async () => {
  const credential = await put(two, { clientSecretExpiresAt: ends });
  expect(credential).toMatchObject({ kind: 'client-secret', expiresAt: ends, secrets: [{ expiresAt: ends }, {}] });
  expect(credential.secrets).toHaveLength(2);
  expect(Date.parse(credential.secrets[0]?.setAt ?? '')).toBeGreaterThan(
    Date.parse(credential.secrets[1]?.setAt ?? ''),
  );
  expect(await secretsInVault()).toEqual([one, two].toSorted());
  await expectRefreshes(200);
});

it('goes on with the new one on every instance when the former ends, without a restart', async () => {
  const application = flow.microsoft365.application(clientId);
  application.clientSecrets = [two];
  application.expiredSecrets = [one];
  await expectRefreshes(200);
});

it('goes on with the former when the new one is mistyped; the third is out of the vault', async () => {
  const { secrets } = await put(mistyped);
  expect(secrets.map(({ expiresAt }) => expiresAt)).toEqual([undefined, ends]);
  expect(await secretsInVault()).toEqual([mistyped, two].toSorted());
  await expectRefreshes(200);
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${ada}/connect`);
  expect((await fetch(await signInRedirect(authorizeUrl))).status).toBe(200);
});

it('with none that is good the app is at fault, not the account, and nobody has to sign in again', async () => {
  const application = flow.microsoft365.application(clientId);
  application.clientSecrets = [three];
  application.expiredSecrets = [one, two];
  await expectRefreshes(409);
  const { body } = await refreshToken(flow, flow.api, incoming);
  expect(body.upstream?.aadsts).toMatch(/^7000215|7000222$/);
  expect(body.remedy).toContain(`az ad app credential reset --id ${clientId} --append`);
  expect(body.remedy).toContain(`PUT /v1/app {"clientId": "${clientId}"`);
  expect(await flow.api.call('GET', `/v1/accounts/${ada}`)).toMatchObject({ state: 'connected' });
  const mail = { from: 'ada@contoso.example', to: 'ada@contoso.example', text: 'Hello' };
  flow.microsoft365.faults.smtp.push({ at: 'auth', reply: '535 5.7.3 Authentication unsuccessful' });
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/messages', mail);
  const message = () => flow.api.call('GET', `/v1/messages/${id}`);
  await until(async () => (await message())['status'] === 'deferred');
  expect(await message()).toMatchObject({ cause: { code: 'app-credential-refused', actor: 'operator' } });

  await put(three);
  await expectRefreshes(200);
  expect(await flow.api.call('GET', `/v1/accounts/${ada}`)).toMatchObject({ state: 'connected' });
});

it('one that has ended leaves row and vault when a newer one is there', async () => {
  await put(three, { clientSecretExpiresAt: new Date(Date.now() + 1_000).toISOString() });
  expect((await put(three, { clientSecretExpiresAt: ends })).secrets).toHaveLength(2);
  await until(async () => {
    await flow.host.runTimer('sweepTimer');
    return (await secretsInVault()).length === 1;
  });
  const { credential } = await flow.api.call<App>('GET', '/v1/app');
  expect(credential.secrets).toMatchObject([{ expiresAt: ends }]);
  await expectRefreshes(200);
});

it('shows none of them, anywhere', async () => {
  const secrets = { one, two, mistyped, three };
  expect(flow.log.some((line) => /AADSTS70002(15|22)/.test(line))).toBe(true);
  await expectNowhere(flow, secrets, seen);
});
