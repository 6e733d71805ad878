import { InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import { expect, test } from 'vitest';
import {
  clientId,
  clientSecret,
  mailScopes,
  msalFor,
  redirectUri,
  sentBack,
  signIn,
  startTenant,
  step,
  tenantId,
} from './tenant-for-test.ts';

function authorizeUrl(origin: string, parameters: Record<string, string> = {}, tenant = 'common') {
  const url = new URL(`${origin}/${tenant}/oauth2/v2.0/authorize`);
  const scope = [...mailScopes, 'openid', 'profile', 'offline_access'].join(' ');
  const usual = { client_id: clientId, response_type: 'code', redirect_uri: redirectUri, scope, state: 's' };
  url.search = new URLSearchParams({ ...usual, ...parameters }).toString();
  return url.href;
}

async function askForToken(origin: string, parameters: Record<string, string>, tenant = 'common') {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...parameters });
  const response = await fetch(`${origin}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A code for Anna, without PKCE. */
async function newCode(origin: string) {
  const page = await step(authorizeUrl(origin, { login_hint: 'anna@contoso.test' }));
  const back = page.status === 302 ? page : await step(page, { answer: 'accept' });
  return sentBack(back).get('code') ?? '';
}

async function newRefreshToken(origin: string) {
  const code = await newCode(origin);
  const { body } = await askForToken(origin, { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  return String(body['refresh_token']);
}

test('MSAL gets tokens for the account that was picked, and refreshes them', async () => {
  const microsoft365 = await startTenant();
  const client = msalFor(microsoft365);

  const result = await signIn(microsoft365, 'anna@contoso.test', client);
  expect(result.account).toMatchObject({ username: 'anna@contoso.test', name: 'Anna Ärlig', tenantId });
  expect(result.account?.homeAccountId).toMatch(new RegExp(`^[0-9a-f-]{36}\\.${tenantId}$`));
  expect(result.scopes).toEqual(expect.arrayContaining(mailScopes));
  expect(result.expiresOn?.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
  const claims = JSON.parse(Buffer.from(result.accessToken.split('.')[1] ?? '', 'base64url').toString()) as object;
  expect(claims).toMatchObject({
    aud: 'https://outlook.office.com',
    upn: 'anna@contoso.test',
    scp: 'IMAP.AccessAsUser.All SMTP.Send',
    appid: clientId,
    tid: tenantId,
  });

  const { account } = result;
  if (!account) throw new Error('no account');
  const again = await client.acquireTokenSilent({ account, scopes: mailScopes, forceRefresh: true });
  expect(again.accessToken).not.toBe(result.accessToken);
  expect(microsoft365.sessions.tokenRequests).toBe(2);
});

test.each(['common', 'organizations', tenantId])('MSAL accepts the authority %s', async (tenant) => {
  const microsoft365 = await startTenant();
  const result = await signIn(microsoft365, 'bert@contoso.test', msalFor(microsoft365, tenant));
  expect(result.account?.username).toBe('bert@contoso.test');
});

test('a refresh gives a new refresh token, and the old one stays valid', async () => {
  const { authority } = await startTenant();
  const first = await newRefreshToken(authority);
  const refresh = (token: string) =>
    askForToken(authority, { grant_type: 'refresh_token', refresh_token: token, scope: mailScopes.join(' ') });

  const second = (await refresh(first)).body['refresh_token'];
  expect(second).not.toBe(first);
  expect((await refresh(first)).status).toBe(200);
  expect((await refresh(String(second))).status).toBe(200);
});

test('after a revocation every refresh token of the user is refused, and a new sign-in works', async () => {
  const microsoft365 = await startTenant();
  const client = msalFor(microsoft365);
  const { account } = await signIn(microsoft365, 'anna@contoso.test', client);
  if (!account) throw new Error('no account');
  const other = await newRefreshToken(microsoft365.authority);

  microsoft365.revoke('a.arlig@contoso.test');

  const refused = client.acquireTokenSilent({ account, scopes: mailScopes, forceRefresh: true });
  await expect(refused).rejects.toBeInstanceOf(InteractionRequiredAuthError);
  await expect(refused).rejects.toMatchObject({ errorCode: 'invalid_grant', errorNo: 50173, subError: 'bad_token' });
  const { status, body } = await askForToken(microsoft365.authority, {
    ...{ grant_type: 'refresh_token', refresh_token: other },
  });
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50173], suberror: 'bad_token' });
  expect(body['error_description']).toMatch(
    /^AADSTS50173: .+ Trace ID: \S+ Correlation ID: \S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
  );
  await expect(signIn(microsoft365, 'anna@contoso.test')).resolves.toBeDefined();
});

test('the account is picked from a list, and consent is asked for once', async () => {
  const { authority } = await startTenant();
  const url = authorizeUrl(authority, { login_hint: 'bert@contoso.test', prompt: 'select_account' });
  const list = await step(url);
  const html = await list.clone().text();
  expect([...html.matchAll(/name="account" value="([^"]+)"/g)].map(([, account]) => account)).toEqual([
    'bert@contoso.test',
    'anna@contoso.test',
    'carl@contoso.test',
  ]);
  expect(html).not.toMatch(/<script/i);
  expect(list.headers.get('content-security-policy')).toContain("default-src 'none'");

  const consent = await step(list, { account: 'anna@contoso.test' });
  const asked = await consent.clone().text();
  expect(asked).toContain('Postern');
  expect(asked).toContain('Send emails from your mailbox using SMTP AUTH');
  const back = sentBack(await step(consent, { answer: 'accept' }));
  expect(back.get('state')).toBe('s');
  expect(back.get('code')).toBeTruthy();

  const second = await step(await step(url), { account: 'anna@contoso.test' });
  expect(sentBack(second).get('code')).toBeTruthy();
  const forced = await step(authorizeUrl(authority, { login_hint: 'anna@contoso.test', prompt: 'consent' }));
  expect(forced.status).toBe(200);
});

test('declining sends the browser back with AADSTS65004', async () => {
  const { authority } = await startTenant();
  const page = await step(authorizeUrl(authority, { login_hint: 'anna@contoso.test' }));
  const back = sentBack(await step(page, { answer: 'cancel' }));
  expect(back.get('error')).toBe('access_denied');
  expect(back.get('error_description')).toMatch(/^AADSTS65004: /);
  expect(back.get('state')).toBe('s');
});

test('who may not consent needs an administrator, who can consent for everybody', async () => {
  const microsoft365 = await startTenant();
  const { authority } = microsoft365;
  const page = await step(authorizeUrl(authority, { login_hint: 'carl@contoso.test' }));
  const html = await page.text();
  expect(html).toContain('Need admin approval');
  const link = /<a href="([^"]+)"/.exec(html)?.[1] ?? '';
  const back = new URL(link.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))));
  expect(back.searchParams.get('error')).toBe('access_denied');
  expect(back.searchParams.get('error_description')).toMatch(/^AADSTS90094: /);
  expect(back.searchParams.get('state')).toBe('s');

  const scope = mailScopes.join(' ');
  const parameters = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, state: 'a', scope });
  const admin = await step(`${authority}/${tenantId}/v2.0/adminconsent?${parameters.toString()}`);
  const granted = sentBack(await step(admin, { answer: 'accept' }));
  expect(Object.fromEntries(granted)).toEqual({ admin_consent: 'True', tenant: tenantId, scope, state: 'a' });
  expect((await signIn(microsoft365, 'carl@contoso.test')).account?.username).toBe('carl@contoso.test');
});

test.each([
  ['an unknown application', { client_id: '00000000-0000-4000-8000-000000000000' }, 'AADSTS700016'],
  ['a redirect URI that is not registered', { redirect_uri: `${redirectUri}/` }, 'AADSTS50011'],
  ['a permission Exchange does not have', { scope: 'https://outlook.office.com/Imap.Access' }, 'AADSTS650053'],
  ['PKCE without S256', { code_challenge: 'x', code_challenge_method: 'plain' }, 'AADSTS501491'],
])('%s is shown as a page, never sent back', async (_case, parameters, code) => {
  const { authority } = await startTenant();
  const page = await step(authorizeUrl(authority, parameters));
  expect(page.status).toBe(400);
  expect(await page.text()).toContain(code);
});

test('a redirect URI can be registered later', async () => {
  const microsoft365 = await startTenant();
  const later = 'http://127.0.0.1:4711/back';
  microsoft365.registerRedirectUri(clientId, later);
  const url = authorizeUrl(microsoft365.authority, { redirect_uri: later, login_hint: 'anna@contoso.test' });
  const back = await step(await step(url), { answer: 'accept' });
  expect(back.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:4711\/back\?code=/);
});

test('what a page shows of an address is text, not markup', async () => {
  const { authority } = await startTenant();
  const page = await step(authorizeUrl(authority, { redirect_uri: '"><b>x</b>' }));
  expect(await page.text()).not.toContain('<b>');
});

test('a code is good once, for its redirect URI and its verifier', async () => {
  const { authority } = await startTenant();
  const code = await newCode(authority);
  const redeem = (more: Record<string, string>) =>
    askForToken(authority, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...more });

  expect((await redeem({ redirect_uri: 'http://localhost/other' })).body['error_codes']).toEqual([500112]);
  expect((await redeem({})).status).toBe(200);
  expect((await redeem({})).body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
  expect((await redeem({ code: 'unknown' })).body).toMatchObject({ error: 'invalid_grant', error_codes: [70000] });

  const page = await step(
    authorizeUrl(authority, {
      ...{ login_hint: 'anna@contoso.test', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
    }),
  );
  const challenged = sentBack(page).get('code') ?? '';
  const refused = await redeem({ code: challenged, code_verifier: 'y'.repeat(43) });
  expect(refused.body).toMatchObject({ error: 'invalid_grant', error_codes: [501481] });
});

test.each([
  [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
  [{ client_secret: '', client_assertion: 'no.jwt.here' }, 400, 'invalid_request', 50027],
  [{ client_id: 'nobody' }, 400, 'unauthorized_client', 700016],
  [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  [{ refresh_token: 'nonsense' }, 400, 'invalid_grant', 70000],
  [{ scope: 'https://outlook.office.com/SMTP.Send User.Read' }, 400, 'invalid_request', 28000],
  [{ scope: 'https://outlook.office.com/POP.AccessAsUser.All' }, 400, 'invalid_grant', 65001],
])('a token request with %j is refused', async (parameters, status, error, code) => {
  const { authority } = await startTenant();
  const refreshToken = await newRefreshToken(authority);
  const answer = await askForToken(authority, {
    ...{ grant_type: 'refresh_token', refresh_token: refreshToken, scope: mailScopes.join(' ') },
    ...parameters,
  });
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error, error_codes: [code] });
});

test('client credentials need the tenant by name', async () => {
  const microsoft365 = await startTenant();
  const scopes = ['https://outlook.office365.com/.default'];
  const result = await msalFor(microsoft365, tenantId).acquireTokenByClientCredential({ scopes });
  expect(result?.accessToken).toBeTruthy();
  const { body } = await askForToken(
    microsoft365.authority,
    { grant_type: 'client_credentials', scope: scopes.join(' ') },
    'organizations',
  );
  expect(body).toMatchObject({ error: 'invalid_request', error_codes: [9001023] });
});

test('the token endpoint fails as it is told, once, for one user', async () => {
  const microsoft365 = await startTenant();
  const client = msalFor(microsoft365);
  const { account } = await signIn(microsoft365, 'anna@contoso.test', client);
  if (!account) throw new Error('no account');
  const refresh = () => client.acquireTokenSilent({ account, scopes: mailScopes, forceRefresh: true });

  microsoft365.faults.token.push({ aadsts: 50076, user: 'bert@contoso.test' });
  await expect(refresh()).resolves.toBeDefined();
  microsoft365.faults.token.unshift({ aadsts: 50076, user: 'anna@contoso.test' });
  await expect(refresh()).rejects.toMatchObject({ errorCode: 'interaction_required', errorNo: 50076 });
  await expect(refresh()).resolves.toBeDefined();
  microsoft365.faults.token.splice(0, 1, { status: 503, body: { error: 'temporarily_unavailable' }, times: 9 });
  await expect(refresh()).rejects.toBeInstanceOf(ServerError);
});

test('a sign-in fails as it is told', async () => {
  const microsoft365 = await startTenant();
  microsoft365.faults.signIn.push({ aadsts: 50105 });
  const back = sentBack(await step(authorizeUrl(microsoft365.authority, { login_hint: 'anna@contoso.test' })));
  expect(back.get('error')).toBe('access_denied');
  expect(back.get('error_description')).toMatch(/^AADSTS50105: /);
});

test('nobody is signed in already', async () => {
  const { authority } = await startTenant();
  const back = sentBack(await step(authorizeUrl(authority, { prompt: 'none' })));
  expect(back.get('error')).toBe('login_required');
});

test('an unknown tenant has no configuration', async () => {
  const { authority } = await startTenant();
  const response = await fetch(`${authority}/elsewhere/v2.0/.well-known/openid-configuration`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error_codes: [90002] });
});
