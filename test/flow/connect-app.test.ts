import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { startStack, type Stack } from '../../dev/stack.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';

const { clientId, tenantId: tenant, clientSecret } = laptopTenant;

let stack: Stack;
let api: ApiClient;
let connectPath: string;
let accountPath: string;

beforeAll(async () => {
  stack = await startStack();
  api = createApiClient(stack.url, await stack.firstAdminKey());
  const { id } = await api.call<{ id: string }>('POST', '/v1/accounts', { address: 'ada@contoso.example' });
  accountPath = `/v1/accounts/${id}`;
  connectPath = `${accountPath}/connect`;
});

afterAll(() => stack.stop());

async function authorizeUrl(): Promise<string> {
  return (await api.call<{ authorizeUrl: string }>('POST', connectPath)).authorizeUrl;
}

// Each step starts where the one before ended, as an operator's first hour does.
describe('the app registration', () => {
  it('that is not set is what is missing, and the redirect URI to register is shown already', async () => {
    const app = await api.call('GET', '/v1/app');
    expect(app).toMatchObject({
      configured: false,
      redirectUri: `${stack.url}/microsoft_outlook/confirm`,
      credential: { kind: 'none' },
    });
    const { status, body } = await api.ask('POST', connectPath);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'app-not-configured', retryable: false });
    expect(body['remedy']).toContain('PUT /v1/app');
  });

  it('without a client secret cannot be used', async () => {
    await api.call('PUT', '/v1/app', { clientId, tenant });
    const { status, body } = await api.ask('POST', connectPath);
    expect([status, body['code']]).toEqual([409, 'app-not-configured']);
  });

  it('with a wrong client secret is told apart from a wrong person, and the account stays as it was', async () => {
    await api.call('PUT', '/v1/app', { clientId, tenant, clientSecret: 'not-the-secret' });
    const page = await fetch(await signInRedirect(await authorizeUrl()));
    expect(page.status).toBe(409);
    const html = await page.text();
    expect(html).toContain('AADSTS7000215');
    expect(html).toContain('copy its Value, not its ID');
    expect(html).toContain('Whoever runs Postern');
    expect(html).not.toContain('not-the-secret');
    expect(await api.call('GET', accountPath)).toMatchObject({ state: 'not-connected' });
  });

  it('with a tenant that does not exist says so', async () => {
    await api.call('PUT', '/v1/app', { clientId, tenant: '11111111-1111-4111-8111-111111111111', clientSecret });
    const { status, headers, body } = await api.ask('POST', connectPath);
    expect([status, body['code']]).toEqual([503, 'sign-in-unavailable']);
    expect(body['detail']).toContain('there is no such tenant');
    expect(headers.get('retry-after')).toBe('30');
  });

  it('that is right works, and keeps its secret when only other fields are set', async () => {
    const expires = '2028-11-22T00:00:00Z';
    await api.call('PUT', '/v1/app', { clientId, tenant, clientSecret, clientSecretExpiresAt: expires });
    const app = await api.call('PUT', '/v1/app', { clientId, tenant: 'common' });
    expect(app).toMatchObject({
      configured: true,
      tenant: 'common',
      credential: { kind: 'client-secret', expiresAt: expires },
    });
    expect((await fetch(await signInRedirect(await authorizeUrl()))).status).toBe(200);
    expect(await api.call('GET', accountPath)).toMatchObject({ state: 'connected' });
  });

  it('takes a change only of what was read', async () => {
    const { headers } = await api.ask('GET', '/v1/app');
    const etag = headers.get('etag') ?? '';
    const change = { clientId, tenant };
    const first = await api.ask('PUT', '/v1/app', change, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).not.toBe(etag);
    const second = await api.ask('PUT', '/v1/app', change, { 'if-match': etag });
    expect([second.status, second.body['code']]).toEqual([412, 'precondition-failed']);
  });
});

describe('trouble beyond Postern', () => {
  it('a vault that is down: the account is not connected, for nothing may be promised that is not kept', async () => {
    await api.call('POST', `${accountPath}/disconnect`);
    const redirect = await signInRedirect(await authorizeUrl());
    await stack.vault.stop();
    const page = await fetch(redirect);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('The key vault');
    expect(await api.call('GET', accountPath)).toMatchObject({ state: 'not-connected' });
  });

  it('a Microsoft that cannot be reached', async () => {
    await stack.microsoft365.stop();
    const { status, headers, body } = await api.ask('POST', connectPath);
    expect([status, body['code'], body['retryable']]).toEqual([503, 'sign-in-unavailable', true]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
