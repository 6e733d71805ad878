import { beforeAll, describe, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllTables } from '../support/tables.ts';
import { openVault, readAllSecrets } from '../support/vault-secrets.ts';

interface Created {
  readonly id: string;
}
interface Key extends Created {
  readonly key: string;
  readonly name: string;
  readonly scopes: string[];
}

let flow: Flow;
let ada: Created;
let grace: Created;

beforeAll(async () => {
  flow = await startFlow();
  [ada, grace] = [await flow.connect('ada@contoso.example'), await flow.connect('grace@contoso.example')];
  await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada.id });
  await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Grace', account: grace.id });
});

async function makeKey(more: Record<string, unknown>): Promise<Key & { api: ApiClient }> {
  const key = await flow.api.call<Key>('POST', '/v1/api-keys', { name: 'Test', ...more });
  return { ...key, api: createApiClient(flow.url, key.key) };
}

async function listKeys(): Promise<Key[]> {
  return (await flow.api.call<{ data: Key[] }>('GET', '/v1/api-keys')).data;
}

describe('an API key', () => {
  it('is shown once, and only its hash is kept', async () => {
    const { id, key } = await makeKey({ name: 'Shop', scopes: ['messages.send'] });
    expect(key).toMatch(/^pst_[0-9a-z]{10}_[\w-]{43}$/);
    const listed = (await listKeys()).find((each) => each.id === id);
    expect(listed).toEqual({ id, name: 'Shop', scopes: ['messages.send'], createdAt: expect.any(String) as string });
    const { configuration } = await readAllTables(flow.storage.connectionString);
    expect(configuration).toContain(id);
    expect(configuration).not.toContain(key.slice(-43));
  });

  it('that is withdrawn is refused at once, by every instance', async () => {
    const { id, key, api } = await makeKey({ scopes: ['messages.read'] });
    const host = await flow.startSecondHost();
    const elsewhere = createApiClient(host.url, key);
    for (const each of [api, elsewhere]) expect((await each.ask('GET', '/v1/messages')).status).toBe(200);
    await flow.api.call('DELETE', `/v1/api-keys/${id}`);
    for (const each of [api, elsewhere]) expect((await each.ask('GET', '/v1/messages')).status).toBe(401);
    expect((await flow.api.ask('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
    await host.stop();
  });

  it.each([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['root'] }, '/scopes/0'],
    [{ scopes: ['admin'], from: [] }, '/from'],
    [{ scopes: ['admin'], from: ['not an address'] }, '/from/0'],
    [{ scopes: ['admin'], incomingServers: ['a/b'] }, '/incomingServers/0'],
    [{ scopes: ['admin'], incomingServers: ['inc_0123456789'] }, '/incomingServers/0'],
    [{ scopes: ['admin'], expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ scopes: ['admin'], expiresAt: 'tomorrow' }, '/expiresAt'],
    [{ scopes: ['admin'], name: 'a\r\nb' }, '/name'],
  ])('%j is refused at %s', async (body, pointer) => {
    const { status, body: problem } = await flow.api.ask('POST', '/v1/api-keys', { name: 'Test', ...body });
    expect(status).toBe(422);
    expect(problem['errors']).toEqual([expect.objectContaining({ pointer })]);
  });
});

describe('a key limited to some addresses', () => {
  const to = 'grace@contoso.example';

  it('sends as them alone', async () => {
    const { api } = await makeKey({ scopes: ['messages.send'], from: ['ada@contoso.example', 'fabrikam.example'] });
    const allowed = await api.ask('POST', '/v1/messages', { from: 'Ada <ADA@contoso.example>', to, text: 'Hello' });
    expect(allowed.status).toBe(202);
    const { status, body } = await api.ask('POST', '/v1/messages', {
      from: 'grace@contoso.example',
      to,
      text: 'Hello',
    });
    expect([status, body['code']]).toEqual([403, 'forbidden']);
    expect(body['errors']).toEqual([{ pointer: '/from', detail: 'is not among the addresses of this API key' }]);
  });

  it('does not get round that by naming a server or by leaving From out', async () => {
    const { api } = await makeKey({ scopes: ['messages.send'], from: ['ada@contoso.example'] });
    const { data } = await flow.api.call<{ data: (Created & { name: string })[] }>('GET', '/v1/outgoing-servers');
    const server = data.find(({ name }) => name === 'Grace')?.id;
    const named = { from: 'grace@contoso.example', to, text: 'Hello', outgoingServer: server };
    expect((await api.ask('POST', '/v1/messages', named)).status).toBe(403);
    await flow.api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'grace' });
    const { status } = await api.ask('POST', '/v1/messages', { to, text: 'Hello' });
    expect(status).toBe(403);
    await flow.api.call('DELETE', '/v1/domains/contoso.example');
  });
});

describe('a key limited to some incoming servers', () => {
  it('reads what they received alone, and cannot tell the rest from nothing', async () => {
    const servers: Created[] = [];
    for (const [name, account] of Object.entries({ Ada: ada, Grace: grace })) {
      const server = await flow.api.call<Created>('POST', '/v1/incoming-servers', { name, account: account.id });
      servers.push(await flow.api.call<Created>('POST', `/v1/incoming-servers/${server.id}/confirm`));
      const mime = `From: x@fabrikam.example\r\nTo: ${name}\r\nSubject: For ${name}\r\n\r\nHello`;
      await flow.microsoft365.deliver(`${name.toLowerCase()}@contoso.example`, mime);
      await flow.api.call('POST', `/v1/incoming-servers/${server.id}/fetch`);
    }
    type List = { data: { id: string; subject: string; incomingServer: string }[] };
    const all = await until(async () => {
      const { data } = await flow.api.call<List>('GET', '/v1/received');
      return ['For Ada', 'For Grace'].every((subject) => data.some((each) => each.subject === subject)) && data;
    });
    const [adas, graces] = servers;
    const { api } = await makeKey({ scopes: ['received.read'], incomingServers: [graces?.id] });

    const { data } = await api.call<List>('GET', '/v1/received');
    expect(data.length).toBeGreaterThan(0);
    expect(new Set(data.map(({ incomingServer }) => incomingServer))).toEqual(new Set([graces?.id]));
    expect(await api.call('GET', `/v1/received?incomingServer=${adas?.id ?? ''}`)).toEqual({
      data: [],
      nextCursor: null,
    });

    const idOf = (subject: string): string => all.find((each) => each.subject === subject)?.id ?? '';
    for (const path of ['', '/raw']) {
      expect((await api.ask('GET', `/v1/received/${idOf('For Grace')}${path}`)).status).toBe(200);
      expect((await api.ask('GET', `/v1/received/${idOf('For Ada')}${path}`)).status).toBe(404);
    }
    const hidden = await api.ask('GET', `/v1/received/${idOf('For Ada')}`);
    const missing = await api.ask('GET', `/v1/received/${idOf('For Ada').replace(/.$/, '0')}`);
    const generic = ({ body }: { body: Record<string, unknown> }) => [body['code'], body['title'], body['status']];
    expect(generic(hidden)).toEqual(generic(missing));
  });
});

describe('the first admin key', () => {
  it('is made once, however many instances start', async () => {
    const host = await flow.startSecondHost();
    await Promise.all([host.runTimer('sweepTimer'), flow.host.runTimer('sweepTimer')]);
    await flow.host.runTimer('sweepTimer');
    const first = (await listKeys()).filter(({ name }) => name === 'First admin key');
    expect(first).toHaveLength(1);
    expect((await readAllSecrets(flow.settings))['first-admin-key']).toBe(flow.adminKey);
    expect(flow.vault.versions('first-admin-key')).toBe(1);
    await host.stop();
  });

  it('is made anew, once, when no key of an administrator works any more', async () => {
    const admins = (await listKeys()).filter(({ scopes }) => scopes.includes('admin'));
    const own = flow.adminKey.split('_')[1] ?? '';
    const lastly = (id: string): number => (id.endsWith(own) ? 1 : 0);
    for (const { id } of admins.sort((a, b) => lastly(a.id) - lastly(b.id))) {
      await flow.api.call('DELETE', `/v1/api-keys/${id}`);
    }
    expect((await flow.api.ask('GET', '/v1/app')).status).toBe(401);
    // Even when its secret was deleted, and the vault therefore keeps its name from being used again.
    await (await openVault(flow.settings).beginDeleteSecret('first-admin-key')).pollUntilDone();

    const host = await flow.startSecondHost();
    await Promise.all([host.runTimer('sweepTimer'), flow.host.runTimer('sweepTimer')]);
    const key = (await readAllSecrets(flow.settings))['first-admin-key'] ?? '';
    expect(key).not.toBe(flow.adminKey);
    const { data } = await createApiClient(flow.url, key).call<{ data: Key[] }>('GET', '/v1/api-keys');
    expect(data.filter(({ scopes }) => scopes.includes('admin'))).toHaveLength(1);
    await host.stop();
  });
});
