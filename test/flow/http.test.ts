import { beforeAll, describe, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly instance: string;
}

async function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${flow.adminKey}`;
  return fetch(flow.url + path, { method, headers: { authorization, ...headers }, redirect: 'manual' });
}

describe('a problem', () => {
  it('has the shape of RFC 9457, with who must act and whether trying again helps', async () => {
    const response = await ask('GET', '/v1/accounts/acc_0123456789');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      type: '/docs#not-found',
      title: 'There is no such thing',
      status: 404,
      detail: 'There is no acc_0123456789.',
      instance: '/v1/accounts/acc_0123456789',
      code: 'not-found',
      retryable: false,
    });
  });

  it.each(['/nothing', '/v1', '/v1/', '/v2/accounts', '/v1/accounts/a/b/c', '/%', '/v1/%2e%2e/x'])(
    'is what %s answers, where nothing is',
    async (path) => {
      const response = await ask('GET', path);
      expect(response.status).toBe(404);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await response.json()).toMatchObject({ code: 'not-found', status: 404 });
    },
  );
});

describe('a method', () => {
  it.each([
    ['PUT', '/v1/accounts', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/v1/app', 'GET, HEAD, PUT, OPTIONS'],
    ['POST', '/v1/accounts/acc_0123456789', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['PUT', '/connect', 'GET, HEAD, POST, OPTIONS'],
    ['PATCH', '/V1/Accounts/', 'GET, HEAD, POST, OPTIONS'],
    ['HEAD', '/v1/accounts/acc_0123456789/connect', 'POST, OPTIONS'],
    ['POST', '/microsoft_outlook/confirm', 'GET, OPTIONS'],
  ])('%s %s is not taken, and those that are are named', async (method, path, allow) => {
    const response = await ask(method, path);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    if (method === 'HEAD') return;
    const problem = (await response.json()) as Problem;
    expect(problem.code).toBe('method-not-allowed');
  });

  it('OPTIONS tells which are taken, and no other site may call', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const response = await ask('OPTIONS', '/v1/messages', headers);
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    for (const name of response.headers.keys()) expect(name).not.toMatch(/^access-control/);
    expect((await ask('OPTIONS', '/nothing')).status).toBe(404);
  });

  it.each(['/health', '/docs', '/openapi.json', '/v1/accounts', '/v1/app', '/v1/messages?limit=1'])(
    'HEAD %s is GET without a body',
    async (path) => {
      const [get, head] = [await ask('GET', path), await ask('HEAD', path)];
      expect([head.status, await head.text()]).toEqual([get.status, '']);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    },
  );

  it('HEAD wants a key as GET does', async () => {
    expect((await fetch(`${flow.url}/v1/accounts`, { method: 'HEAD' })).status).toBe(401);
  });
});

describe('every answer', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it.each([
    ['GET', '/health', 200],
    ['GET', '/v1/accounts', 200],
    ['GET', '/v1/accounts/acc_0123456789', 404],
    ['GET', '/nothing', 404],
    ['DELETE', '/v1/accounts', 405],
    ['OPTIONS', '/v1/accounts', 204],
    ['GET', '/microsoft_outlook/confirm', 400],
  ])('of %s %s carries its id, the trace it was given, and is not kept', async (method, path, status) => {
    const [one, other] = [await ask(method, path, { traceparent: trace }), await ask(method, path)];
    expect(one.status).toBe(status);
    expect(one.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
    expect(one.headers.get('traceparent')).toBe(trace);
    expect(other.headers.get('traceparent')).toBeNull();
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    if (status !== 204) expect(one.headers.get('cache-control')).toBe('no-store');
  });

  it('gives back no trace that is none', async () => {
    for (const traceparent of ['x', trace.toUpperCase(), `${trace}-00`, trace.slice(1)]) {
      expect((await ask('GET', '/health', { traceparent })).headers.get('traceparent')).toBeNull();
    }
  });
});

describe('a list', () => {
  it.each([
    ['limit=0', '?limit'],
    ['limit=201', '?limit'],
    ['limit=-1', '?limit'],
    ['limit=1.5', '?limit'],
    ['limit=ten', '?limit'],
    ['limit=', '?limit'],
    ['limit=1&limit=2', '?limit'],
    ['cursor=%2F', '?cursor'],
    ['cursor=', '?cursor'],
    ['page=2', '?page'],
    ['__proto__=x', '?__proto__'],
    ['__proto__=x&__proto__=y', '?__proto__'],
  ])('with ?%s is refused there', async (query, pointer) => {
    for (const path of [
      '/v1/accounts',
      '/v1/messages',
      '/v1/received',
      '/v1/deliveries',
      '/v1/api-keys',
      '/v1/domains',
    ]) {
      const { status, body } = await flow.api.ask('GET', `${path}?${query}`);
      expect([path, status, body['code']]).toEqual([path, 422, 'request-invalid']);
      expect(body['errors']).toEqual([expect.objectContaining({ pointer })]);
    }
  });

  it('is paged through to its end', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { id } = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: `p${n}@contoso.example` });
      made.push(id);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      type Page = { data: { id: string }[]; nextCursor: string | null };
      const at = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page = await flow.api.call<Page>('GET', `/v1/accounts?limit=2${at}`);
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([...made].sort());
  });

  it('is not filtered by what a call does not know', async () => {
    const { status, body } = await flow.api.ask('POST', '/v1/messages?dryRun=maybe', { to: 'a@b.example', text: 'T' });
    expect(status).toBe(422);
    expect(body['errors']).toEqual([
      expect.objectContaining({ pointer: expect.stringMatching(/^\?dryRun/) as string }),
    ]);
  });
});

describe('a change', () => {
  it('is bound to what was read, where If-Match says so', async () => {
    const path = '/v1/domains/contoso.example';
    const made = await flow.api.ask('PUT', path, { defaultFrom: 'one' });
    const etag = made.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await flow.api.ask('GET', path)).headers.get('etag')).toBe(etag);

    const changed = await flow.api.ask('PUT', path, { defaultFrom: 'two' }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    for (const [method, body] of [
      ['PUT', { defaultFrom: 'three' }],
      ['DELETE', undefined],
    ] as const) {
      const stale = await flow.api.ask(method, path, body, { 'if-match': etag });
      expect([stale.status, stale.body['code']]).toEqual([412, 'precondition-failed']);
    }
    expect(await flow.api.call('GET', path)).toMatchObject({ defaultFrom: 'two' });
    const { status } = await flow.api.ask('DELETE', path, undefined, { 'if-match': changed.headers.get('etag') ?? '' });
    expect(status).toBe(204);
  });

  it('holds for a key and an account alike, and * is whatever is there', async () => {
    const { id } = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'etag@contoso.example' });
    const path = `/v1/accounts/${id}`;
    expect((await flow.api.ask('DELETE', path, undefined, { 'if-match': '"other"' })).status).toBe(412);
    expect((await flow.api.ask('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
    expect((await flow.api.ask('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(404);
  });
});
