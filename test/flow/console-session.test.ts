import { beforeAll, describe, expect, it } from 'vitest';
import { createBrowserSession, type BrowserSession } from '../support/browser-session.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllTables } from '../support/tables.ts';

interface Session {
  readonly name: string;
  readonly expiresAt: string;
  readonly csrfToken: string;
}

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

async function makeKey(more: Record<string, unknown> = {}): Promise<{ id: string; key: string }> {
  return flow.api.call('POST', '/v1/api-keys', { name: 'Ada’s key', scopes: ['admin'], ...more });
}

async function signIn(key: string): Promise<{ browser: BrowserSession; session: Session }> {
  const browser = createBrowserSession(flow.url);
  const { status, body } = await browser.ask<Session>('POST', '/console/session', { key });
  expect(status).toBe(201);
  return { browser, session: body };
}

describe('a session of the console', () => {
  it('stands in for the key it was begun with, until it is ended', async () => {
    const { browser, session } = await signIn((await makeKey()).key);
    expect(session.name).toBe('Ada’s key');
    const [pair = '', ...attributes] = (browser.setCookie() ?? '').split('; ');
    expect(pair).toMatch(/^__Host-postern=[\w-]{43}$/);
    expect(attributes.map((each) => each.toLowerCase()).sort()).toEqual([
      'httponly',
      'path=/',
      'samesite=strict',
      'secure',
    ]);
    expect((await browser.ask('GET', '/v1/status')).status).toBe(200);
    const shown = await browser.ask<Session>('GET', '/console/session');
    expect(shown).toMatchObject({ status: 200, body: session });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const minutes = (Date.parse(session.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(28);
    expect(minutes).toBeLessThanOrEqual(30);

    const csrf = { 'x-postern-csrf': session.csrfToken };
    const before = browser.setCookie() ?? '';
    expect((await browser.ask('DELETE', '/console/session', undefined, csrf)).status).toBe(204);
    expect(browser.setCookie()).toMatch(/^__Host-postern=; max-age=0;/i);
    // Ended here too, not only in the browser.
    const again = await browser.ask('GET', '/v1/status', undefined, { cookie: before.split(';')[0] ?? '' });
    expect(again).toMatchObject({ status: 401, body: { code: 'unauthenticated', detail: 'The session has ended.' } });
  });

  it('is kept without anything that could be used', async () => {
    const { key } = await makeKey();
    const { browser, session } = await signIn(key);
    const word = /=([\w-]{43});/.exec(browser.setCookie() ?? '')?.[1] ?? '';
    expect(word).toHaveLength(43);
    const kept = [...Object.values(await readAllTables(flow.storage.connectionString)), ...flow.log].join('\n');
    for (const secret of [key, word, session.csrfToken]) expect(kept).not.toContain(secret);
  });

  it('ends with its key', async () => {
    const { id, key } = await makeKey();
    const { browser } = await signIn(key);
    expect((await browser.ask('GET', '/console/session')).status).toBe(200);
    await flow.api.call('DELETE', `/v1/api-keys/${id}`);
    expect(await browser.ask('GET', '/console/session')).toMatchObject({ status: 401 });
    expect(await browser.ask('GET', '/v1/status')).toMatchObject({ status: 401 });
  });

  it('is not for keys that may do less than an administrator', async () => {
    const { key } = await makeKey({ scopes: ['messages.read'] });
    const answer = await createBrowserSession(flow.url).ask('POST', '/console/session', { key });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('is not what a caller with a key has', async () => {
    expect(await flow.api.ask('GET', '/console/session')).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('a write with the cookie', () => {
  const domain = '/v1/domains/contoso.example';
  const body = { defaultFrom: 'notifications@contoso.example' };

  it('needs the token of its session', async () => {
    const { browser, session } = await signIn(flow.adminKey);
    const other = await signIn(flow.adminKey);
    const forged = { status: 403, body: { code: 'request-forged' } };
    expect(await browser.ask('PUT', domain, body)).toMatchObject(forged);
    for (const token of ['', 'x', other.session.csrfToken]) {
      expect(await browser.ask('PUT', domain, body, { 'x-postern-csrf': token })).toMatchObject(forged);
    }
    expect(await flow.api.ask('GET', domain)).toMatchObject({ status: 404 });
    const answer = await browser.ask('PUT', domain, body, { 'x-postern-csrf': session.csrfToken });
    expect(answer.status).toBe(200);
  });

  it('must come from here', async () => {
    const { browser, session } = await signIn(flow.adminKey);
    const csrf = { 'x-postern-csrf': session.csrfToken };
    for (const site of ['cross-site', 'same-site', '']) {
      const answer = await browser.ask('PUT', domain, body, { ...csrf, 'sec-fetch-site': site });
      expect(answer).toMatchObject({ status: 403, body: { code: 'request-forged' } });
      expect((await browser.ask('GET', '/v1/status', undefined, { 'sec-fetch-site': site })).status).toBe(403);
    }
    const cookie = (browser.setCookie() ?? '').split(';')[0] ?? '';
    const old = (origin: string) =>
      fetch(flow.url + domain, {
        method: 'PUT',
        headers: { cookie, ...csrf, origin, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await old('https://evil.example')).status).toBe(403);
    expect((await old('null')).status).toBe(403);
    expect((await old(flow.url)).status).toBe(200);
  });

  it('needs no token with a key', async () => {
    expect((await flow.api.ask('PUT', domain, body)).status).toBe(200);
  });
});

describe('signing in', () => {
  const wrong = `pst_0123456789_${'a'.repeat(43)}`;
  const tryKey = (key: string, forwardedFor: string, more = {}) =>
    createBrowserSession(flow.url).ask(
      'POST',
      '/console/session',
      { key },
      { 'x-forwarded-for': forwardedFor, ...more },
    );

  it('is refused from another site', async () => {
    const answer = await tryKey(flow.adminKey, '192.0.2.1', { 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'request-forged' } });
  });

  it('is held up after ten failures from an address, whatever the caller says of the way before', async () => {
    for (let count = 0; count < 10; count += 1) {
      const answer = await tryKey(wrong, `10.0.0.${count}, 203.0.113.7:${4000 + count}`);
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    }
    const answer = await tryKey(flow.adminKey, '203.0.113.7');
    expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-attempts', retryable: true } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(200);
    expect((await tryKey(flow.adminKey, '203.0.113.7, 203.0.113.8')).status).toBe(201);
  });
});
