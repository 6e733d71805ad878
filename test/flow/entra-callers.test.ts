import { beforeAll, describe, expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { createJwtSigner, readClaims } from '../../dev/microsoft365/login/jwt.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';

const { tenantId, clientId, clientSecret, caller } = laptopTenant;

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

async function askForToken(form: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(`${flow.microsoft365.authority}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, string>;
}

async function tokenOf(client: { clientId: string; secret: string }, scope = `${clientId}/.default`): Promise<string> {
  const { access_token: token = '' } = await askForToken({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.secret,
    scope,
  });
  return token;
}

const invoices = { clientId: caller.clientId, secret: caller.clientSecrets[0] ?? '' };
const ask = (token: string, method: string, path: string, body?: unknown) =>
  createApiClient(flow.url, token).ask(method, path, body);

describe('an application with a token of Entra', () => {
  it('may do what its app roles say, and no more', async () => {
    const token = await tokenOf(invoices);
    expect((await ask(token, 'GET', '/v1/messages')).status).toBe(200);
    expect((await ask(token, 'POST', '/v1/messages?dryRun=true', {})).body).toMatchObject({ code: 'request-invalid' });
    expect(await ask(token, 'GET', '/v1/received')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await ask(token, 'GET', '/v1/app')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('is told when it has no role', async () => {
    const token = await tokenOf({ clientId, secret: clientSecret });
    expect(await ask(token, 'GET', '/v1/messages')).toMatchObject({ status: 403, body: { code: 'role-missing' } });
  });
});

describe('any other token', () => {
  const refused = { status: 401, body: { code: 'unauthenticated', detail: 'The access token is not valid here.' } };

  it('is refused: for another resource, of another issuer, signed by somebody else, changed, unsigned', async () => {
    const token = await tokenOf(invoices);
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = readClaims(token) ?? {};
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const more = { ...claims, roles: ['Postern.Admin'] };
    for (const other of [
      await tokenOf(invoices, 'https://outlook.office365.com/.default'),
      createJwtSigner().sign(more),
      `${head}.${encode(more)}.${signature}`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${encode(more)}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(more)}.${signature}`,
      `${head}.${body}.AAAA`,
      'a.b.c',
    ]) {
      expect(await ask(other, 'GET', '/v1/messages')).toMatchObject(refused);
    }
  });

  it('is refused though it is of a person with the role: the proof of a sign-in is for signing in', async () => {
    const redirectUri = `${flow.url}/console/signed-in`;
    const authorize = new URL(`${flow.microsoft365.authority}/${tenantId}/oauth2/v2.0/authorize`);
    authorize.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile',
    }).toString();
    const back = await signInRedirect(authorize.href, { as: 'ada@contoso.example' });
    const { id_token: proof = '' } = await askForToken({
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: clientSecret,
      code: back.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
    });
    expect(readClaims(proof)).toMatchObject({ aud: clientId, roles: ['Postern.Admin'] });
    expect(await ask(proof, 'GET', '/v1/app')).toMatchObject(refused);
  });

  it('is refused while the app registration is of any organisation', async () => {
    const token = await tokenOf(invoices);
    await flow.api.call('PUT', '/v1/app', { clientId, tenant: 'organizations' });
    expect(await ask(token, 'GET', '/v1/messages')).toMatchObject(refused);
    await flow.api.call('PUT', '/v1/app', { clientId, tenant: tenantId });
    expect((await ask(token, 'GET', '/v1/messages')).status).toBe(200);
  });
});
