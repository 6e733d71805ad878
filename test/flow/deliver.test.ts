import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, untilQuiet } from '../support/receiving.ts';

interface DeliveryView {
  readonly id: string;
  readonly destination: string;
  readonly status: string;
  readonly attempts: number;
  readonly event: { readonly id: string; readonly about: string };
  readonly cause?: { readonly code: string };
}

const address = 'ada@contoso.example';
let flow: Flow;
let account: string;
const receivers: WebhookReceiver[] = [];

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(address)).id;
});
afterAll(async () => {
  for (const receiver of receivers) await receiver.stop();
});

async function startReceiver(): Promise<WebhookReceiver> {
  const receiver = await startWebhookReceiver();
  receivers.push(receiver);
  return receiver;
}

async function addDestination(url: string): Promise<{ id: string; secret: string }> {
  return flow.api.call('POST', '/v1/destinations', { kind: 'webhook', name: 'Receiver', url });
}

/** A server that delivers to these destinations and to which one mail has come. @returns its id and the mail's */
async function receiveOne(destinations: string[], raw: string): Promise<{ server: string; id: string }> {
  const server = await addConfirmed(flow, { account, destinations, every: 1440 });
  await untilQuiet(flow, 'fetch');
  await flow.microsoft365.deliver(address, raw);
  await fetchNow(flow, server);
  await flow.api.call('POST', `/v1/incoming-servers/${server}/reset`);
  return { server, id: (await listReceived(flow, server))[0]?.id ?? '' };
}

const deliveriesOf = async (destination: string, more = '') =>
  (await flow.api.call<{ data: DeliveryView[] }>('GET', `/v1/deliveries?destination=${destination}${more}`)).data;

it('tells a webhook what the API shows, signed, with links that work', async () => {
  const receiver = await startReceiver();
  const { id: destination, secret } = await addDestination(receiver.url);
  const long = 'Grüße 📮 '.repeat(40_000);
  const raw = mail('signed and cut', long, 'Content-Type: text/plain; charset=utf-8');
  const { id } = await receiveOne([destination], raw);
  const call = await until(() => Promise.resolve(receiver.calls[0]));
  const { type, data } = verify(call, secret);
  expect(type).toBe('message.received');
  const shown = await flow.api.call('GET', `/v1/received/${id}`);
  const { deliveries, text, ...rest } = shown;
  expect(data).toMatchObject({ ...rest, truncated: true });
  expect(String(text).startsWith(String(data['text']))).toBe(true);
  expect(Buffer.byteLength(String(data['text']))).toBeGreaterThan(256 * 1024 - 4);
  expect(Buffer.byteLength(String(data['text']))).toBeLessThanOrEqual(256 * 1024);
  const links = data['links'] as Record<'self' | 'raw', string>;
  const authorization = `Bearer ${flow.adminKey}`;
  expect((await fetch(links.self, { headers: { authorization } })).status).toBe(200);
  expect(await (await fetch(links.raw, { headers: { authorization } })).text()).toBe(raw);
  expect((await fetch(links.raw)).status).toBe(401);
  expect(deliveries).toMatchObject([{ destination, event: { id: call.headers['webhook-id'], about: id } }]);
});

it('comes again seconds after a 500, under the same id and with a new signature', async () => {
  const receiver = await startReceiver();
  const { id: destination, secret } = await addDestination(receiver.url);
  receiver.answer(500);
  await receiveOne([destination], mail('refused first'));
  await until(() => Promise.resolve(receiver.calls.length > 0));
  const first = Date.now();
  await until(async () => (await deliveriesOf(destination))[0]?.cause !== undefined);
  receiver.answer(204);
  expect(await deliveriesOf(destination)).toMatchObject([{ status: 'pending', attempts: 1 }]);
  expect(await flow.api.call('GET', `/v1/destinations/${destination}`)).toMatchObject({
    lastError: { code: 'destination-refused', actor: 'operator' },
  });
  await until(() => Promise.resolve(receiver.calls.length > 1));
  expect(Date.now() - first).toBeLessThan(12_000);
  const [one, two] = receiver.calls;
  expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
  expect(two?.headers['webhook-signature']).not.toBe(one?.headers['webhook-signature']);
  for (const call of receiver.calls) expect(verify(call, secret).data['subject']).toBe('refused first');
  await until(async () => (await deliveriesOf(destination, '&status=delivered')).length === 1);
  const { lastDeliveredAt, lastError } = await flow.api.call('GET', `/v1/destinations/${destination}`);
  expect(lastDeliveredAt).toBeDefined();
  expect(lastError).toBeUndefined();
});

it('reaches a receiver that was down', async () => {
  const down = await startWebhookReceiver();
  const { port } = new URL(down.url);
  const { id: destination } = await addDestination(down.url);
  await down.stop();
  await receiveOne([destination], mail('while it was down'));
  await until(async () => (await deliveriesOf(destination))[0]?.attempts === 1);
  expect((await deliveriesOf(destination))[0]?.cause).toMatchObject({ code: 'destination-refused' });
  let came = 0;
  const up = createServer((_, response) => {
    came++;
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => up.listen(Number(port), '127.0.0.1', resolve));
  await until(async () => (await deliveriesOf(destination))[0]?.status === 'delivered');
  expect(came).toBe(1);
  up.close();
});

it('delivers to others while one destination keeps everybody waiting', async () => {
  const slow = createServer(() => undefined);
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const stuck = await addDestination(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`);
  const receiver = await startReceiver();
  const quick = await addDestination(receiver.url);
  const began = Date.now();
  const { server } = await receiveOne([stuck.id, quick.id], mail('for a slow and a quick one'));
  await until(() => Promise.resolve(receiver.calls.length === 1));
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await deliveriesOf(stuck.id)).toMatchObject([{ status: 'pending', attempts: 0 }]);

  // A destination that servers name stays; once it is gone, so is what was on its way there.
  const named = await flow.api.ask('DELETE', `/v1/destinations/${stuck.id}`);
  expect(named).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await flow.api.call('PATCH', `/v1/incoming-servers/${server}`, { destinations: [quick.id] });
  expect((await flow.api.ask('DELETE', `/v1/destinations/${stuck.id}`)).status).toBe(204);
  slow.closeAllConnections();
  slow.close();
  const parked = await until(async () => {
    const [delivery] = await deliveriesOf(stuck.id);
    return delivery?.status === 'parked' && delivery;
  });
  expect(parked.cause).toMatchObject({ code: 'not-found' });
});

it('lists deliveries by destination and status, page by page', async () => {
  const all = await flow.api.call<{ data: DeliveryView[] }>('GET', '/v1/deliveries?limit=200');
  expect(all.data.length).toBeGreaterThanOrEqual(4);
  const first = await flow.api.call<{ data: DeliveryView[]; nextCursor: string }>('GET', '/v1/deliveries?limit=2');
  const next = await flow.api.call<{ data: DeliveryView[] }>(
    'GET',
    `/v1/deliveries?limit=2&cursor=${first.nextCursor}`,
  );
  expect([...first.data, ...next.data].map(({ id }) => id)).toEqual(all.data.slice(0, 4).map(({ id }) => id));
  const delivered = await flow.api.call<{ data: DeliveryView[] }>('GET', '/v1/deliveries?status=delivered');
  expect(new Set(delivered.data.map(({ status }) => status))).toEqual(new Set(['delivered']));
  for (const query of ['status=lost', 'destination=x']) {
    expect((await flow.api.ask('GET', `/v1/deliveries?${query}`)).status).toBe(422);
  }
});
