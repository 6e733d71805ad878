import { beforeAll, describe, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';
import { refusedPointers } from '../support/refused-pointers.ts';

let flow: Flow;
let account: { readonly id: string };

beforeAll(async () => {
  flow = await startFlow();
  account = await flow.connect('ada@contoso.example');
  await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: account.id });
});

describe('a thing to configure', () => {
  it.each<[string, unknown, string[]]>([
    ['/v1/accounts', {}, ['/address']],
    ['/v1/accounts', { address: 5 }, ['/address']],
    ['/v1/accounts', { address: 'a@b.example', kind: 'group' }, ['/kind']],
    ['/v1/accounts', { address: 'a@b.example', kind: 'shared' }, ['/delegate']],
    ['/v1/accounts', { address: 'a@b.example', delegate: 'c@d.example' }, ['/delegate']],
    ['/v1/accounts', [], ['']],
    ['/v1/accounts', 'text', ['']],
    ['/v1/accounts', null, ['']],
    ['/v1/outgoing-servers', { name: 'S', account: 'a/b' }, ['/account']],
    ['/v1/outgoing-servers', { name: 'S', account: 'acc_0123456789' }, ['/account']],
    ['/v1/outgoing-servers', { name: ' ', account: 'acc_0123456789' }, ['/name']],
    ['/v1/outgoing-servers', { name: 'S', account: 'acc_0123456789', encryption: 'none' }, ['/encryption']],
    [
      '/v1/outgoing-servers',
      { name: 'S', account: 'acc_0123456789', port: 70_000, priority: 1.5 },
      ['/priority', '/port'],
    ],
    ['/v1/incoming-servers', { name: 'S', account: "a'b" }, ['/account']],
    ['/v1/incoming-servers', { name: 'S', account: 'acc_0123456789', every: 0 }, ['/every']],
    ['/v1/incoming-servers', { name: 'S', account: 'acc_0123456789', destinations: ['#'] }, ['/destinations/0']],
    ['/v1/destinations', { kind: 'webhook', name: 'W', url: 'ftp://x' }, ['/url']],
    ['/v1/destinations', { kind: 'webhook', name: 'W', url: 'https://a:b@example.com' }, ['/url']],
    ['/v1/destinations', { kind: 'pigeon', name: 'W', url: 'https://example.com' }, ['/kind']],
    ['/v1/outgoing-servers/resolve', { from: 'nobody' }, ['/from']],
  ])('%s %j is refused', async (path, body, pointers) => {
    expect(await refusedPointers(flow.api, path, body)).toEqual(pointers);
  });

  it.each<[string, object, string[]]>([
    ['/v1/app', { clientId: 'x', tenant: 'contoso.com' }, ['/clientId', '/tenant']],
    [
      '/v1/app',
      { clientId: '3f1c9a52-86d4-4e57-b1f0-6a2c8d9e0b47', tenant: 'common', clientSecret: 'a b\n' },
      ['/clientSecret'],
    ],
    ['/v1/domains/contoso.example', { defaultFrom: 'a b' }, ['/defaultFrom']],
    ['/v1/domains/contoso', { defaultFrom: 'a' }, ['{domain}']],
  ])('PUT %s %j is refused', async (path, body, pointers) => {
    expect(await refusedPointers(flow.api, path, body, 'PUT')).toEqual(pointers);
  });

  it('of that id does not exist', async () => {
    const kinds = { acc: 'accounts', out: 'outgoing-servers', inc: 'incoming-servers', dst: 'destinations' };
    const ids = Object.entries(kinds).map(([prefix, kind]) => [`/v1/${kind}/`, `${prefix}_0123456789`] as const);
    for (const [path, id] of [...ids, ['/v1/messages/', 'msg_1'], ['/v1/received/', 'rcv_1']] as const) {
      for (const bad of [
        id,
        'x',
        '%00',
        "a'b",
        'a%2Fb',
        '%23',
        '..%5c',
        'a%3Fb',
        '%E0%A4%A',
        'x'.repeat(1_000),
        '%F0%9F%90%9F',
      ]) {
        const { status, body } = await flow.api.ask('GET', path + bad);
        expect([path + bad, status, body['code']]).toEqual([path + bad, 404, 'not-found']);
        expect(String(body['detail']).length).toBeLessThan(300);
      }
    }
  });

  it('cannot be there twice', async () => {
    const { status, body } = await flow.api.ask('POST', '/v1/accounts', { address: 'ADA@contoso.example' });
    expect([status, body['code']]).toEqual([409, 'conflict']);
    expect(body['errors']).toEqual([{ pointer: '/address', detail: `belongs to ${account.id}` }]);
  });

  it('that is in use stays', async () => {
    const { status, body } = await flow.api.ask('DELETE', `/v1/accounts/${account.id}`);
    expect([status, body['code']]).toEqual([409, 'conflict']);
    expect(body['detail']).toMatch(/used by out_/);
  });

  it('with a control character in it is refused', async () => {
    const server = { name: 'Server', account: account.id };
    const hook = { kind: 'webhook', name: 'Hook', url: 'https://example.com/' };
    for (const text of ['\r\n', '\0']) {
      const refused = async (path: string, body: object): Promise<string | undefined> =>
        (await refusedPointers(flow.api, path, body))[0];
      expect(await refused('/v1/accounts', { address: `a@b.example${text}` })).toBe('/address');
      expect(await refused('/v1/outgoing-servers', { ...server, name: `N${text}N` })).toBe('/name');
      expect(await refused('/v1/outgoing-servers', { ...server, host: `h${text}` })).toBe('/host');
      expect(await refused('/v1/outgoing-servers', { ...server, fromFilter: [`a${text}.example`] })).toBe(
        '/fromFilter/0',
      );
      expect(await refused('/v1/incoming-servers', { ...server, folders: ['INBOX', `a${text}`] })).toBe('/folders/1');
      expect(await refused('/v1/incoming-servers', { ...server, mailbox: `a${text}@b.example` })).toBe('/mailbox');
      expect(await refused('/v1/destinations', { ...hook, name: `N${text}N` })).toBe('/name');
      expect(
        (await refusedPointers(flow.api, '/v1/domains/contoso.example', { defaultFrom: `a${text}` }, 'PUT'))[0],
      ).toBe('/defaultFrom');
    }
  });
});
