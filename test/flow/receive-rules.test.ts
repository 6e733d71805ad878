import { beforeAll, expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { afterFile } from '../support/after-file.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { odooLogin, startOdooServer } from '../support/odoo-server.ts';
import { addConfirmed, fetchNow, listReceived, mail, untilQuiet } from '../support/receiving.ts';
import { refusedPointers } from '../support/refused-pointers.ts';

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
}

const ada = 'ada@contoso.example';
let flow: Flow;
let server: string;
let everything: Receiver;
let sales: Receiver;

interface Receiver {
  readonly id: string;
  readonly hook: WebhookReceiver;
  /** Subjects of the mail that came, as it came. */
  subjects(): string[];
}

async function addReceiver(): Promise<Receiver> {
  const hook = await startWebhookReceiver();
  const body = { kind: 'webhook', name: 'Receiver', url: hook.url, events: [] };
  const { id, secret } = await flow.api.call<{ id: string; secret: string }>('POST', '/v1/destinations', body);
  afterFile(() => hook.stop());
  return { id, hook, subjects: () => hook.calls.map((call) => String(verify(call, secret).data['subject'])) };
}

beforeAll(async () => {
  flow = await startFlow();
  const account = (await flow.connect(ada)).id;
  [everything, sales] = [await addReceiver(), await addReceiver()];
  const rules = [
    {
      name: 'Sales',
      match: { recipient: ['sales@contoso.example', 'ada+sales*@contoso.example'] },
      then: { destinations: [sales.id] },
    },
    { name: 'Offers', match: { subject: 'special OFFER', flags: { list: true } }, then: 'drop' },
    { match: { sender: 'navy.example' }, then: 'park' },
  ];
  server = await addConfirmed(flow, { account, destinations: [everything.id], rules, every: 1440 });
});

const list = async (status: string) =>
  (await flow.api.call<{ data: Row[] }>('GET', `/v1/received?incomingServer=${server}&status=${status}`)).data;
const arrived = (receiver: Receiver, subject: string) =>
  until(() => Promise.resolve(receiver.subjects().includes(subject)));

it('mail goes to the destinations of the first rule that takes it, or is parked or dropped', async () => {
  const alias = mail('to an alias').replace('To: ada@', 'To: ada+sales-eu@');
  const forwarded = mail('forwarded', 'Hello', 'X-Original-To: sales@contoso.example');
  const offer = mail('A Special Offer', 'Buy!', 'List-Id: <offers.example>');
  const parked = mail('from the navy').replace('grace@contoso.example', 'grace@navy.example');
  for (const raw of [mail('plain'), alias, forwarded, offer, parked]) await flow.microsoft365.deliver(ada, raw);
  await fetchNow(flow, server);
  await arrived(everything, 'plain');
  await arrived(sales, 'to an alias');
  await arrived(sales, 'forwarded');
  await untilQuiet(flow, 'deliver');
  expect(everything.subjects()).toEqual(['plain']);
  expect(sales.subjects().toSorted()).toEqual(['forwarded', 'to an alias']);

  expect(await list('dropped')).toMatchObject([{ subject: 'A Special Offer', rule: 'Offers' }]);
  expect(await list('parked')).toMatchObject([
    {
      subject: 'from the navy',
      rule: 'rule 3',
      reason: { kind: 'rule', detail: 'By the rule "rule 3" of its server.' },
    },
  ]);
  for (const { id } of [...(await list('parked')), ...(await list('dropped'))]) {
    expect(await flow.api.call('GET', `/v1/received/${id}/raw`)).toContain('Subject: ');
    expect(await flow.api.call('GET', `/v1/received/${id}`)).toMatchObject({ deliveries: [], from: /./ });
  }
});

it('parked mail is delivered when it is replayed, where it is said or where its server says, and counts as received', async () => {
  const [parked] = await list('parked');
  const id = parked?.id ?? '';
  const before = everything.hook.calls.length;
  expect(await flow.api.call('POST', `/v1/received/${id}/replay`)).toEqual({ destinations: [everything.id] });
  await arrived(everything, 'from the navy');
  expect(everything.hook.calls).toHaveLength(before + 1);
  expect(JSON.parse(everything.hook.calls.at(-1)?.body ?? '')).toMatchObject({ data: { id, status: 'received' } });
  expect(await flow.api.call('GET', `/v1/received/${id}`)).toMatchObject({
    status: 'received',
    deliveries: [{ destination: everything.id }],
  });
  expect(await list('parked')).toEqual([]);

  const [dropped] = await list('dropped');
  const destinations = [sales.id];
  const path = `/v1/received/${dropped?.id ?? ''}/replay`;
  expect(await flow.api.call('POST', path, { destinations })).toEqual({ destinations });
  await arrived(sales, 'A Special Offer');
  for (const wrong of [[], ['dst_0123456789'], ['x']]) {
    const { status, body } = await flow.api.ask('POST', path, { destinations: wrong });
    expect(status).toBe(422);
    expect(JSON.stringify(body['errors'])).toContain('/destinations');
  }
});

it('a destination that a rule names cannot be removed', async () => {
  const { status, body } = await flow.api.ask('DELETE', `/v1/destinations/${sales.id}`);
  expect([status, body['code'], body['detail']]).toEqual([409, 'conflict', `The destination is named by ${server}.`]);
});

it('after an outage all mail of a time is delivered again, page by page, with the ids it had', async () => {
  for (let count = 0; count < 5; count++) await flow.microsoft365.deliver(ada, mail(`day ${count}`));
  await fetchNow(flow, server);
  await untilQuiet(flow, 'deliver');
  await arrived(everything, 'day 4');
  const all = await listReceived(flow, server);
  const restored = await addReceiver();
  const body = { incomingServer: server, status: 'received', since: all.at(-1)?.receivedAt, limit: 3 };
  let cursor: string | null | undefined;
  let replayed = 0;
  do {
    const page = await flow.api.call<{ replayed: number; nextCursor: string | null }>('POST', '/v1/received/replay', {
      ...{ ...body, destinations: [restored.id] },
      ...(cursor !== undefined && { cursor }),
    });
    replayed += page.replayed;
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(replayed).toBe(all.length);
  await until(() => Promise.resolve(restored.hook.calls.length >= all.length));
  expect(restored.subjects().toSorted()).toEqual(all.map(({ subject }) => subject).toSorted());
  const idOf = ({ hook }: Receiver, subject: string) =>
    hook.calls.find(({ body: text }) => text.includes(`"subject":"${subject}"`))?.headers['webhook-id'];
  expect(idOf(restored, 'day 3')).toBe(idOf(everything, 'day 3'));
});

it('what was given up by a receiver that would not take it is delivered with one call', async () => {
  const odoo = await startOdooServer();
  afterFile(() => odoo.stop());
  const fields = { kind: 'odoo', name: 'Odoo', url: odoo.url, ...odooLogin };
  const { id: destination } = await flow.api.call<{ id: string }>('POST', '/v1/destinations', fields);
  await flow.api.call('PATCH', `/v1/incoming-servers/${server}`, { destinations: [destination], rules: [] });
  const deliveries = async (status: string) =>
    (await flow.api.call<{ data: Row[] }>('GET', `/v1/deliveries?destination=${destination}&status=${status}`)).data;
  for (let count = 1; count <= 3; count++) {
    odoo.fail(1, 'ValueError: No possible route found');
    await flow.microsoft365.deliver(ada, mail(`given up ${count}`));
    await fetchNow(flow, server);
    await until(async () => (await deliveries('parked')).length === count);
  }
  const said = (line: string): boolean => line.includes('A delivery was given up.') && line.includes(destination);
  expect(flow.log.filter(said)).toHaveLength(3);
  const retry = (body: object) => flow.api.call('POST', '/v1/deliveries/retry', { destination, ...body });
  expect(await retry({ limit: 2 })).toEqual({ retried: 2, nextCursor: expect.any(String) as string });
  expect(await retry({})).toEqual({ retried: 1, nextCursor: null });
  await until(async () => (await deliveries('delivered')).length === 3);
  expect(await retry({})).toEqual({ retried: 0, nextCursor: null });
});

it.each<[string, object, string[]]>([
  ['/v1/received/replay', {}, ['/incomingServer', '/status']],
  ['/v1/received/replay', { incomingServer: 'inc_0123456789', status: 'lost' }, ['/status']],
  ['/v1/received/replay', { incomingServer: 'x', status: 'parked', since: 'monday' }, ['/incomingServer', '/since']],
  ['/v1/received/replay', { incomingServer: 'inc_0123456789', status: 'parked', limit: 201 }, ['/limit']],
  ['/v1/deliveries/retry', { status: 'pending' }, ['/destination', '/status']],
  ['/v1/deliveries/retry', { destination: 'dst_0123456789' }, ['/destination']],
])('%s %j is refused', async (path, body, pointers) => {
  expect(await refusedPointers(flow.api, path, body)).toEqual(pointers);
});

it('a key that is limited to other servers replays and drops nothing here', async () => {
  const other = { name: 'Other', account: (await flow.connect('grace@contoso.example')).id };
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', other);
  const wanted = { name: 'Limited', scopes: ['admin', 'received.read'], incomingServers: [id] };
  const { key } = await flow.api.call<{ key: string }>('POST', '/v1/api-keys', wanted);
  const limited = createApiClient(flow.url, key);
  const [row] = await listReceived(flow, server);
  for (const call of ['replay', 'drop']) {
    const body = { incomingServer: server, ...(call === 'replay' && { status: 'received' }) };
    expect(await refusedPointers(limited, `/v1/received/${call}`, body)).toEqual(['/incomingServer']);
    expect((await limited.ask('POST', `/v1/received/${row?.id ?? ''}/${call}`)).status).toBe(404);
  }
});

it('mail of a server that is gone is replayed where it is said, and nowhere else', async () => {
  const gone = { incomingServer: 'inc_0123456789', status: 'parked' };
  expect(await flow.api.call('POST', '/v1/received/replay', { ...gone, destinations: [sales.id] })).toEqual({
    ...{ replayed: 0, unreadable: 0, nextCursor: null },
  });
});
