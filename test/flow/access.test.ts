import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from '../support/flow.ts';

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The scope that the document names; undefined for what anybody may call. */
  readonly scope: string | undefined;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, { operationId: string; security: { apiKey: string[] }[] }>>;
}

let flow: Flow;
let operations: Operation[];

beforeAll(async () => {
  flow = await startFlow();
  const { paths } = (await (await fetch(`${flow.url}/openapi.json`)).json()) as OpenApi;
  operations = Object.entries(paths).flatMap(([route, methods]) =>
    Object.entries(methods).map(([method, { operationId, security }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path: route.replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'index' ? '0' : 'acc_0123456789')),
      scope: security[0]?.apiKey[0],
    })),
  );
});

async function makeKey(more: Record<string, unknown>): Promise<string> {
  const { key } = await flow.api.call<{ key: string }>('POST', '/v1/api-keys', { name: 'Test', ...more });
  return key;
}

async function ask({ method, path }: Operation, authorization?: string) {
  const response = await fetch(flow.url + path, { method, ...(authorization && { headers: { authorization } }) });
  return { response, problem: (await response.json()) as Record<string, unknown> };
}

/** Asks every operation that needs a key; what it expects is said of each by name. */
async function expectOfAll(authorization: string | undefined, status: number, code: string): Promise<Set<unknown>> {
  const guarded = operations.filter(({ scope }) => scope !== undefined);
  expect(guarded.length).toBeGreaterThan(40);
  const details = new Set<unknown>();
  for (const operation of guarded) {
    const { response, problem } = await ask(operation, authorization);
    expect([operation.name, response.status, problem['code']]).toEqual([operation.name, status, code]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    if (status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer');
    details.add(problem['detail']);
  }
  return details;
}

describe('every call of the API', () => {
  it('is guarded, but for those that anybody may make', () => {
    const open = operations.filter(({ scope }) => scope === undefined).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      'GET /connect',
      'GET /console/session/options',
      'GET /console/sign-in',
      'GET /console/signed-in',
      'GET /docs',
      'GET /health',
      'GET /microsoft_outlook/confirm',
      'GET /microsoft_outlook/connected',
      'GET /openapi.json',
      'POST /connect',
      'POST /console/session',
    ]);
  });

  it('wants a key', async () => {
    expect([...(await expectOfAll(undefined, 401, 'unauthenticated'))]).toEqual(['The call has no API key.']);
  });

  it('wants a key of ours that is right, and does not say what is wrong with another', async () => {
    const right = await makeKey({ scopes: ['admin'] });
    const wrong = `${right.slice(0, -2)}${right.endsWith('AA') ? 'BB' : 'AA'}`;
    const unknown = `pst_0123456789_${'a'.repeat(43)}`;
    const details = new Set<unknown>();
    for (const key of [wrong, unknown, 'pst_', 'secret', `${right}x`, right.toUpperCase()]) {
      for (const detail of await expectOfAll(`Bearer ${key}`, 401, 'unauthenticated')) details.add(detail);
    }
    expect([...details]).toEqual(['The API key is unknown, wrong or expired.']);
    for (const authorization of [`Basic ${right}`, right, `Bearer ${right} x`]) {
      await expectOfAll(authorization, 401, 'unauthenticated');
    }
  });

  it('wants a key whose time is not over', async () => {
    const key = await makeKey({ scopes: ['admin'], expiresAt: new Date(Date.now() + 1_000).toISOString() });
    const apps: Operation = { name: 'getApp', method: 'GET', path: '/v1/app', scope: 'admin' };
    expect((await ask(apps, `Bearer ${key}`)).response.status).toBe(200);
    await until(async () => (await ask(apps, `Bearer ${key}`)).response.status === 401);
    await expectOfAll(`Bearer ${key}`, 401, 'unauthenticated');
  });

  it('wants the scope it names, and no other will do', async () => {
    const scopes = ['messages.send', 'messages.read', 'received.read'];
    for (const granted of scopes) {
      const authorization = `Bearer ${await makeKey({ scopes: [granted] })}`;
      for (const operation of operations) {
        if (operation.scope === undefined || operation.scope === granted) continue;
        const { response, problem } = await ask(operation, authorization);
        expect([operation.name, response.status, problem['code']]).toEqual([operation.name, 403, 'forbidden']);
        expect(problem['detail']).toContain(`needs the scope ${operation.scope}; the key has ${granted}`);
      }
    }
  });

  it('is open to a key that has its scope, and to an admin’s', async () => {
    const admin = `Bearer ${await makeKey({ scopes: ['admin'] })}`;
    for (const operation of operations) {
      if (operation.scope === undefined || operation.method === 'DELETE') continue;
      const authorization =
        operation.scope === 'admin' ? admin : `Bearer ${await makeKey({ scopes: [operation.scope] })}`;
      for (const each of [admin, authorization]) {
        const { response } = await ask(operation, each);
        expect([401, 403], `${operation.name} answered ${response.status}`).not.toContain(response.status);
      }
    }
  });
});
