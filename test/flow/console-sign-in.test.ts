import { beforeAll, describe, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllTables } from '../support/tables.ts';

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

interface Cookies {
  readonly header: string;
  readonly set: readonly string[];
}

/** The cookies an answer sets, as a browser sends them from then on. */
function cookiesOf(response: Response): Cookies {
  const set = response.headers.getSetCookie();
  return { set, header: set.map((each) => each.split(';')[0] ?? '').join('; ') };
}

async function begin(returnTo?: string) {
  const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
  const response = await fetch(`${flow.url}/console/sign-in${query}`, { redirect: 'manual' });
  expect(response.status).toBe(303);
  return { authorizeUrl: new URL(response.headers.get('location') ?? ''), cookies: cookiesOf(response) };
}

/** As a browser that Microsoft sends back. */
function comeBack(to: URL, cookie: string) {
  return fetch(to, { headers: { cookie, 'sec-fetch-site': 'cross-site' }, redirect: 'manual' });
}

async function walk(as: string, returnTo?: string) {
  const { authorizeUrl, cookies } = await begin(returnTo);
  return comeBack(await signInRedirect(authorizeUrl.href, { as }), cookies.header);
}

describe('signing in to the console with Microsoft', () => {
  it('asks who somebody is and for nothing else, and keeps nothing meanwhile', async () => {
    expect(await (await fetch(`${flow.url}/console/session/options`)).json()).toEqual({ microsoft: true });
    const before = await readAllTables(flow.storage.connectionString);
    const { authorizeUrl, cookies } = await begin();
    expect(await readAllTables(flow.storage.connectionString)).toEqual(before);
    const asked = Object.fromEntries(authorizeUrl.searchParams);
    expect(asked).toMatchObject({
      client_id: laptopTenant.clientId,
      redirect_uri: `${flow.url}/console/signed-in`,
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
    expect((asked['scope'] ?? '').split(' ').sort()).toEqual(['offline_access', 'openid', 'profile']);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name], name).toMatch(/^[\w-]{43}$/);
    expect(cookies.set).toHaveLength(1);
    expect(cookies.set[0]).toMatch(
      /^__Host-postern-sign-in=[\w-]{43}%2Fconsole; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('opens a session for who has the role', async () => {
    const page = await walk('ada@contoso.example', '/console/messages?status=failed');
    expect(page.status).toBe(200);
    expect(page.headers.get('refresh')).toBe('0;url=/console/messages?status=failed');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Signed in as ada@contoso.example');
    const { set } = cookiesOf(page);
    expect(set.join('\n')).toMatch(/^__Host-postern=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/m);
    expect(set.join('\n')).toMatch(/^__Host-postern-sign-in=; Max-Age=0;/m);
    const cookie = (set[0] ?? '').split(';')[0] ?? '';
    const ask = (path: string, init: RequestInit = {}) => fetch(flow.url + path, { ...init, headers: { cookie } });
    const session = (await (await ask('/console/session')).json()) as { name: string; csrfToken: string };
    expect(session.name).toBe('ada@contoso.example');
    expect((await ask('/v1/status')).status).toBe(200);

    // It ends with the application that vouched for it.
    await flow.api.call('PUT', '/v1/app', {
      clientId: 'aaaaaaaa-86d4-4e57-b1f0-6a2c8d9e0b47',
      tenant: laptopTenant.tenantId,
    });
    expect((await ask('/v1/status')).status).toBe(401);
    const { clientId, tenantId: tenant, clientSecret } = laptopTenant;
    await flow.api.call('PUT', '/v1/app', { clientId, tenant, clientSecret });
  });

  it.each(['https://evil.example', '//evil.example', '/console/../v1', '/consoleX', '/v1/app', '/console/\r\nx: y'])(
    'leads to the console, not to %j',
    async (returnTo) => {
      const page = await walk('ada@contoso.example', returnTo);
      expect(page.headers.get('refresh')).toBe('0;url=/console');
    },
  );

  it('is refused to who has no role, and says who can give it', async () => {
    const page = await walk('grace@contoso.example');
    expect(page.status).toBe(403);
    const html = await page.text();
    expect(html).toContain('<span class="badge bad">Not signed in</span>');
    expect(html).toContain('<dd>role-missing</dd>');
    expect(html).toContain('give grace@contoso.example the role Postern.Admin');
    expect(cookiesOf(page).set.join()).not.toContain('__Host-postern=');
  });

  it('is refused in another browser, and with another state', async () => {
    const { authorizeUrl } = await begin();
    const back = await signInRedirect(authorizeUrl.href, { as: 'ada@contoso.example' });
    const other = await begin();
    for (const cookie of ['', other.cookies.header, '__Host-postern-sign-in=x']) {
      const page = await comeBack(back, cookie);
      expect(page.status).toBe(400);
      expect(await page.text()).toContain('was not started in this browser');
    }
  });

  it('works once', async () => {
    const { authorizeUrl, cookies } = await begin();
    const back = await signInRedirect(authorizeUrl.href, { as: 'ada@contoso.example' });
    expect((await comeBack(back, cookies.header)).status).toBe(200);
    const again = await comeBack(back, cookies.header);
    expect(again.status).toBe(400);
    expect(cookiesOf(again).set.join()).not.toContain('__Host-postern=');
  });

  it('says what Microsoft said instead', async () => {
    const { authorizeUrl, cookies } = await begin();
    const back = await signInRedirect(authorizeUrl.href, { as: 'margaret@contoso.example', answer: 'cancel' });
    const page = await comeBack(back, cookies.header);
    expect(page.status).toBe(400);
    const html = await page.text();
    expect(html).toContain('consent-declined');
    expect(html).toContain('Start again from the console');
    expect(html).not.toContain('the link you were given');
  });
});

describe('without an app registration of one organisation', () => {
  it('there is no such sign-in', async () => {
    const { clientId, clientSecret, tenantId } = laptopTenant;
    await flow.api.call('PUT', '/v1/app', { clientId, tenant: 'common', clientSecret });
    try {
      const options = await fetch(`${flow.url}/console/session/options`);
      expect(await options.json()).toEqual({ microsoft: false });
      const page = await fetch(`${flow.url}/console/sign-in`, { redirect: 'manual' });
      expect(page.status).toBe(409);
      expect(await page.text()).toContain('Sign in with an API key');
    } finally {
      await flow.api.call('PUT', '/v1/app', { clientId, tenant: tenantId });
    }
  });
});
