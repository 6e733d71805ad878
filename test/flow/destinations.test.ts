import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { odooLogin, startOdooServer, type OdooServer } from '../support/odoo-server.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';

interface DeliveryView {
  readonly id: string;
  readonly status: string;
  readonly event: { readonly id: string };
  readonly cause?: { readonly code: string; readonly detail: string; readonly remedy?: string };
}

const ada = 'ada@contoso.example';
let flow: Flow;
let account: string;
let receiver: WebhookReceiver;
let odoo: OdooServer;

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(ada)).id;
  [receiver, odoo] = [await startWebhookReceiver(), await startOdooServer()];
});
afterAll(() => Promise.all([receiver.stop(), odoo.stop()]));

const add = (fields: Record<string, unknown>) =>
  flow.api.call<{ id: string; secret?: string }>('POST', '/v1/destinations', { name: 'Somewhere', ...fields });
const deliveriesOf = async (destination: string) =>
  (await flow.api.call<{ data: DeliveryView[] }>('GET', `/v1/deliveries?destination=${destination}`)).data;
const test = (id: string) => flow.api.call('POST', `/v1/destinations/${id}/test`);

/** A mail comes to a server with this destination. @returns the id of what was received */
async function receive(destination: string, raw: string): Promise<string> {
  const server = await addConfirmed(flow, { account, destinations: [destination], every: 1440 });
  await flow.microsoft365.deliver(ada, raw);
  await fetchNow(flow, server);
  return (await listReceived(flow, server))[0]?.id ?? '';
}
const finished = (destination: string, status = 'delivered') =>
  until(async () => (await deliveriesOf(destination)).find((delivery) => delivery.status === status));

async function makeQueue(name: string): Promise<QueueClient> {
  const queue = QueueServiceClient.fromConnectionString(flow.storage.connectionString).getQueueClient(name);
  await queue.create();
  return queue;
}
async function takeFrom(queue: QueueClient): Promise<Record<string, unknown>> {
  const {
    receivedMessageItems: [item],
  } = await queue.receiveMessages();
  return JSON.parse(Buffer.from(item?.messageText ?? '', 'base64').toString()) as Record<string, unknown>;
}

it('a storage queue gets the event as a webhook would', async () => {
  const queue = await makeQueue('for-the-shop');
  const { id } = await add({ kind: 'queue', queueUrl: queue.url, events: [] });
  expect(await test(id)).toMatchObject({ ok: true });
  expect(await takeFrom(queue)).toMatchObject({ type: 'destination.test', data: { destination: id } });

  const received = await receive(id, mail('to a queue'));
  const delivery = await finished(id);
  expect(await takeFrom(queue)).toMatchObject({
    ...{ id: delivery.event.id, type: 'message.received' },
    data: { id: received, subject: 'to a queue', text: 'Hello' },
  });
});

it('what is too large for a queue lies in a blob that the entry names', async () => {
  const queue = await makeQueue('large-events');
  const { id } = await add({ kind: 'queue', queueUrl: queue.url, events: [] });
  const received = await receive(id, mail('large', 'x'.repeat(60_000)));
  await finished(id);
  const { blob, data, ...entry } = await takeFrom(queue);
  expect(data).toBeUndefined();
  expect(entry).toMatchObject({ type: 'message.received' });
  const [container = '', ...name] = new URL(String(blob)).pathname.split('/').slice(2);
  const blobs = BlobServiceClient.fromConnectionString(flow.storage.connectionString).getContainerClient(container);
  const kept = await blobs.getBlobClient(decodeURIComponent(name.join('/'))).downloadToBuffer();
  expect(JSON.parse(kept.toString())).toMatchObject({ data: { id: received, subject: 'large' } });
});

it('a queue that does not exist is named with the command that makes it', async () => {
  const there = await makeQueue('somewhere');
  const { id } = await add({ kind: 'queue', queueUrl: there.url.replace('somewhere', 'nowhere') });
  expect(await test(id)).toMatchObject({
    ok: false,
    cause: { code: 'destination-refused', remedy: expect.stringContaining('az storage queue create') as string },
  });
});

it('Odoo takes in mail octet by octet, once it is let in', async () => {
  const { id } = await add({ kind: 'odoo', url: `${odoo.url}/`, ...odooLogin });
  expect(await test(id)).toMatchObject({ ok: true });
  const raw = mail('to Odoo', `Grüße\r\n${'=\x80\xff'.repeat(50_000)}`, 'Content-Type: text/plain; charset=latin1');
  const received = await receive(id, raw);
  await finished(id);
  const shown = await fetch(`${flow.url}/v1/received/${received}/raw`, {
    headers: { authorization: `Bearer ${flow.adminKey}` },
  });
  expect(odoo.mails.at(-1)?.equals(Buffer.from(await shown.arrayBuffer()))).toBe(true);
  expect(odoo.calls).toEqual(['authenticate', 'execute_kw']);
  expect(JSON.stringify(await flow.api.call('GET', `/v1/destinations/${id}`))).not.toContain(odooLogin.apiKey);
  expect(flow.log.join('\n')).not.toContain(odooLogin.apiKey);
});

it('a mail Odoo has no place for is given up with the remedy, and goes when it is retried', async () => {
  const { id } = await add({ kind: 'odoo', url: odoo.url, ...odooLogin });
  odoo.fail(1, 'Traceback:\nValueError: No possible route found for incoming message from a &lt;b&gt;.');
  await receive(id, mail('nowhere to go'));
  const parked = await finished(id, 'parked');
  expect(parked.cause).toMatchObject({
    code: 'event-refused',
    detail: 'Odoo has no place for this mail: ValueError: No possible route found for incoming message from a <b>.',
    remedy: expect.stringContaining('alias') as string,
  });
  const before = odoo.mails.length;
  expect(await flow.api.call('POST', `/v1/deliveries/${parked.id}/retry`)).toMatchObject({ status: 'pending' });
  await finished(id);
  expect(odoo.mails).toHaveLength(before + 1);
});

it('a wrong API key is told, and a new one works', async () => {
  const { id } = await add({ kind: 'odoo', url: odoo.url, ...odooLogin, apiKey: 'wrong' });
  expect(await test(id)).toMatchObject({
    ok: false,
    cause: { detail: 'Odoo refuses gateway@contoso.example in the database company.' },
  });
  await flow.api.call('PATCH', `/v1/destinations/${id}`, { apiKey: odooLogin.apiKey });
  expect(await test(id)).toMatchObject({ ok: true });
});

it('while a secret is being changed, events verify with the old and the new', async () => {
  const { id, secret = '' } = await add({ kind: 'webhook', url: receiver.url, events: [] });
  const rotated = await flow.api.call<{ secret: string }>('POST', `/v1/destinations/${id}/rotate-secret`, {});
  expect(rotated).toHaveProperty('formerSecretUntil');
  expect(rotated.secret).not.toBe(secret);
  const received = await receive(id, mail('signed twice'));
  await finished(id);
  const call = receiver.calls.at(-1);
  if (call === undefined) throw new Error('Nothing came.');
  for (const each of [secret, rotated.secret]) expect(verify(call, each).data).toMatchObject({ id: received });

  await flow.api.call('POST', `/v1/destinations/${id}/rotate-secret`, { overlapHours: 0 });
  await flow.api.call('POST', `/v1/received/${received}/replay`);
  const again = await until(() => Promise.resolve(receiver.calls.at(-1) !== call && receiver.calls.at(-1)));
  expect(() => verify(again, rotated.secret)).toThrow();
  expect(again.headers['webhook-id']).toBe(call.headers['webhook-id']);
});

it.each([
  ['a queue elsewhere', { kind: 'queue', queueUrl: 'https://evil.example/queue' }, '/queueUrl'],
  ['a queue without a name', { kind: 'queue', queueUrl: 'https://account.queue.core.windows.net/' }, '/queueUrl'],
  ['events for Odoo', { kind: 'odoo', url: 'https://o.example', ...odooLogin, events: ['message.sent'] }, '/events'],
  ['Odoo without a key', { kind: 'odoo', url: 'https://o.example', database: 'd', username: 'u' }, '/apiKey'],
  ['an unknown kind', { kind: 'pigeon', url: 'https://p.example' }, '/kind'],
  ['a field of another kind', { kind: 'webhook', url: 'https://w.example', queueUrl: 'x' }, '/queueUrl'],
])('%s is refused at its field', async (_name, fields, pointer) => {
  const { status, body } = await flow.api.ask('POST', '/v1/destinations', { name: 'Bad', ...fields });
  expect(status).toBe(422);
  expect(body).toMatchObject({ errors: [{ pointer }] });
});

it('what is on its way cannot be retried, and nothing is replayed to nowhere', async () => {
  receiver.answer(500);
  const { id } = await add({ kind: 'webhook', url: receiver.url, events: [] });
  const received = await receive(id, mail('on its way'));
  const [delivery] = await deliveriesOf(id);
  expect((await flow.api.ask('POST', `/v1/deliveries/${delivery?.id ?? ''}/retry`)).status).toBe(409);
  expect((await flow.api.ask('POST', '/v1/deliveries/dlv_nothing/retry')).status).toBe(404);
  const { incomingServer } = await flow.api.call<{ incomingServer: string }>('GET', `/v1/received/${received}`);
  await flow.api.call('PATCH', `/v1/incoming-servers/${incomingServer}`, { destinations: [] });
  expect((await flow.api.ask('POST', `/v1/received/${received}/replay`)).status).toBe(409);
});
