import { beforeEach, expect, test } from 'vitest';
import { changeDestination } from '../../functions/events/change-destination.ts';
import { deliverDue } from '../../functions/events/deliver-due.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, startDelivering, type Delivering } from './delivering-for-test.ts';

const judgeUrl = () => Promise.resolve(undefined);
const storage = storageForTest();
let delivering: Delivering;
beforeEach(async () => {
  delivering = await startDelivering(storage);
});

const refusal = (code: string, retryAfter?: number) =>
  new GatewayError('destination-refused', `The webhook answered ${code}.`, {
    data: { upstream: { protocol: 'http', code }, ...(retryAfter !== undefined && { retryAfter }) },
  });

async function receiveMails(count: number): Promise<string[]> {
  const events: string[] = [];
  for (let number = 1; number <= count; number++) events.push(await delivering.receiveMail(`mail ${number}`));
  return events;
}

const idsPosted = () => delivering.posted.map(({ id }) => id);
const statuses = async () => (await delivering.deliveries()).map(({ status }) => status);

test('everything that is due is delivered once, with one look at the key vault, which lasts', async () => {
  const events = await receiveMails(20);
  await delivering.deliver();
  expect(idsPosted().sort()).toEqual(events.sort());
  expect(new Set(await statuses())).toEqual(new Set(['delivered']));
  expect(await delivering.state()).toEqual({ lastDeliveredAt: delivering.now().toISOString() });
  expect(delivering.queued).toEqual([]);
  await receiveMails(1);
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(21);
  expect(delivering.secretsRead).toEqual(['signing-secret']);
});

test('a refused event comes again in seconds, under the same id, and then rarely', async () => {
  const [event] = await receiveMails(1);
  delivering.receive = () => Promise.reject(refusal('500'));
  await delivering.deliver();
  const [[queued, seconds] = ['', 0]] = delivering.queued;
  expect(queued).toBe(destinationId);
  expect(seconds).toBeGreaterThanOrEqual(4);
  expect(seconds).toBeLessThanOrEqual(6);
  await delivering.deliver();
  expect(idsPosted()).toEqual([event]);

  delivering.pass(seconds);
  await delivering.deliver();
  expect(idsPosted()).toEqual([event, event]);
  // The next is minutes away, and is found by the timer.
  expect(delivering.queued).toHaveLength(1);
  expect(await delivering.state()).toMatchObject({ lastError: { code: 'destination-refused' } });

  delivering.receive = () => undefined;
  delivering.pass(400);
  await delivering.deliver();
  expect(await delivering.deliveries()).toMatchObject([{ status: 'delivered', attempts: 3 }]);
  expect(await delivering.state()).toEqual({ lastDeliveredAt: delivering.now().toISOString() });
});

test('the receiver is left alone for as long as it asks', async () => {
  await receiveMails(1);
  delivering.receive = () => Promise.reject(refusal('429', 600));
  await delivering.deliver();
  delivering.pass(590);
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(1);
  delivering.pass(15);
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(2);
});

test('a receiver that takes nothing does not get the whole backlog thrown at it', async () => {
  await receiveMails(60);
  delivering.receive = () => Promise.reject(refusal('503'));
  await delivering.deliver();
  expect(delivering.posted.length).toBeLessThan(10);
  expect(delivering.queued).toHaveLength(1);
  delivering.receive = () => undefined;
  delivering.pass(10);
  await delivering.deliver();
  expect(new Set(await statuses())).toEqual(new Set(['delivered']));
});

test('one event that is refused does not keep the others', async () => {
  const events = await receiveMails(20);
  delivering.receive = ({ parcel: { id } }) => (id === events[3] ? Promise.reject(refusal('400')) : undefined);
  await delivering.deliver();
  const pending = (await delivering.deliveries()).filter(({ status }) => status === 'pending');
  expect(pending.map(({ event }) => event.id)).toEqual([events[3]]);
  expect(await delivering.state()).toMatchObject({
    lastDeliveredAt: delivering.now().toISOString(),
    lastError: { code: 'destination-refused' },
  });
});

test('after ten attempts over three days a delivery is parked, and never tried again', async () => {
  await receiveMails(1);
  delivering.receive = () => Promise.reject(refusal('500'));
  for (let hours = 0; hours < 24 * 5; hours++) {
    await delivering.deliver();
    delivering.pass(3600);
  }
  expect(delivering.posted).toHaveLength(10);
  expect(await delivering.deliveries()).toMatchObject([
    { status: 'parked', attempts: 10, cause: { actor: 'operator' } },
  ]);
});

test('410 disables the destination, and what was on its way waits until it is enabled', async () => {
  await receiveMails(3);
  const { destinations, deliveries } = delivering.ports;
  const others = 'dst_bbbbbbbbbb';
  const stored = await destinations.get(destinationId);
  if (stored) await destinations.add(others, { ...stored.value, id: others, events: ['destination.disabled'] });
  delivering.receive = () => Promise.reject(refusal('410'));
  await delivering.deliver();
  delivering.pass(1000);
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(3);
  expect(await statuses()).toEqual(['pending', 'pending', 'pending']);
  const disabled = await destinations.get(destinationId);
  expect(disabled?.value).toMatchObject({ state: 'disabled', cause: { code: 'destination-refused' } });
  const told = await deliveries.list({ owners: [others], limit: 10 });
  expect(told.data).toMatchObject([{ event: { type: 'destination.disabled', about: destinationId } }]);

  delivering.receive = () => undefined;
  if (disabled) await changeDestination(disabled, { state: 'active' }, { ...delivering.ports, judgeUrl });
  await delivering.deliver();
  expect(await statuses()).toEqual(['delivered', 'delivered', 'delivered']);
  expect((await destinations.get(destinationId))?.value).not.toHaveProperty('cause');
});

test('a deliverer that dies after the receiver took the event delivers it again under the same id', async () => {
  const [event] = await receiveMails(1);
  const { deliveries } = delivering.ports;
  const dead = { ...deliveries, step: () => Promise.reject(new Error('The process is dead.')) };
  const dying = deliverDue(delivering.call(), destinationId, { ...delivering.ports, deliveries: dead });
  await expect(dying).rejects.toThrow('dead');
  await delivering.expireLease();
  await delivering.deliver();
  expect(idsPosted()).toEqual([event, event]);
  expect(await delivering.deliveries()).toMatchObject([{ status: 'delivered', attempts: 1 }]);
});

test('a request that the end of our time cut off is not held against the receiver', async () => {
  await receiveMails(1);
  const time = new AbortController();
  delivering.receive = () => {
    time.abort();
    return Promise.reject(refusal('AbortError'));
  };
  await delivering.deliver(time.signal);
  expect(await delivering.deliveries()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  expect(await delivering.state()).toBeUndefined();
  delivering.receive = () => undefined;
  await delivering.deliver();
  expect(await statuses()).toEqual(['delivered']);
});

test('what is still on its way to a destination that was removed is parked', async () => {
  await receiveMails(40);
  delivering.receive = () => Promise.reject(refusal('500'));
  await delivering.deliver();
  const attempts = delivering.posted.length;
  await delivering.removeDestination();
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(attempts);
  const all = await delivering.deliveries();
  expect(all.every(({ status, cause }) => status === 'parked' && cause?.code === 'not-found')).toBe(true);
});

test('an event about a mail whose bytes are gone is parked, the others go on', async () => {
  const events = await receiveMails(3);
  const row = await delivering.ports.received.get((await delivering.deliveries())[1]?.event.about ?? '');
  await delivering.rawMail.remove(row?.blob ?? '');
  await delivering.deliver();
  expect((await statuses()).sort()).toEqual(['delivered', 'delivered', 'parked']);
  expect(idsPosted().every((id) => events.includes(id))).toBe(true);
});

test('two deliverers at the same time deliver each event once', async () => {
  const events = await receiveMails(20);
  await Promise.all([delivering.deliver(), delivering.deliver(), delivering.deliver()]);
  expect(idsPosted().sort()).toEqual(events.sort());
});
