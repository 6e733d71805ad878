import { beforeEach, expect, test } from 'vitest';
import { deliverNew } from '../../functions/events/deliver-new.ts';
import { newEvent, type GatewayEvent } from '../../functions/events/event.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, startDelivering, type Delivering } from './delivering-for-test.ts';

const storage = storageForTest();
let delivering: Delivering;
beforeEach(async () => {
  delivering = await startDelivering(storage);
  // It took the last that it was given.
  const lastDeliveredAt = delivering.now().toISOString();
  delivering.pass(1);
  await delivering.ports.destinationStates.put(destinationId, { lastDeliveredAt });
});

const eventsOf = (count: number): GatewayEvent[] =>
  Array.from({ length: count }, (_, number) => newEvent('message.sent', `msg_${number}`, delivering.now(), { number }));
const deliver = (events: readonly GatewayEvent[]) =>
  deliverNew(delivering.call(), destinationId, events, delivering.ports);
const idsPosted = () => delivering.posted.map(({ id }) => id).sort();
const count = async (status: string) =>
  (await delivering.deliveries()).filter((delivery) => delivery.status === status).length;
const refusal = new GatewayError('destination-refused', 'The webhook answered 500.');

test('new events are delivered at once, and nothing is left to the queue', async () => {
  const events = eventsOf(120);
  await deliver(events);
  expect(idsPosted()).toEqual(events.map(({ id }) => id).sort());
  expect(await count('delivered')).toBe(120);
  expect(delivering.queued).toEqual([]);
  expect(await delivering.state()).toEqual({ lastDeliveredAt: delivering.now().toISOString() });
  // Nothing of it is due.
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(120);
});

test('of a destination that refuses the rest is queued, and the next events are not even tried', async () => {
  delivering.receive = () => Promise.reject(refusal);
  await deliver(eventsOf(20));
  // As many as it takes at the same time.
  expect(delivering.posted).toHaveLength(8);
  expect(await count('pending')).toBe(20);
  expect(delivering.queued).toEqual([[destinationId, 0]]);

  delivering.pass(60);
  await deliver(eventsOf(20));
  expect(delivering.posted).toHaveLength(8);
  expect(await count('pending')).toBe(40);

  delivering.receive = () => undefined;
  delivering.pass(600);
  await delivering.deliver();
  expect(await count('delivered')).toBe(40);
});

test('nobody waits for a destination that is new, or slow', async () => {
  await delivering.ports.destinationStates.put(destinationId, {});
  await deliver(eventsOf(2));
  expect(delivering.posted).toEqual([]);
  let seconds = 3;
  delivering.receive = () => {
    delivering.pass(seconds);
  };
  await delivering.deliver();
  expect(await delivering.state()).toMatchObject({ isSlow: true });
  delivering.pass(1);
  await deliver(eventsOf(2));
  expect(delivering.posted).toHaveLength(2);
  seconds = 0;
  await delivering.deliver();
  await deliver(eventsOf(1).map((event) => ({ ...event, id: `${event.id}x` })));
  expect(delivering.posted).toHaveLength(5);
  expect(await count('delivered')).toBe(5);
});

test('a destination that takes long gets so many, and the rest from the queue', async () => {
  delivering.receive = () => {
    delivering.pass(1);
  };
  await deliver(eventsOf(50));
  const attempted = delivering.posted.length;
  expect(attempted).toBeLessThan(50);
  expect(await count('delivered')).toBe(attempted);
  expect(delivering.queued).toEqual([[destinationId, 0]]);
  await delivering.deliver();
  expect(idsPosted()).toEqual([...new Set(idsPosted())]);
  expect(await count('delivered')).toBe(50);
});

test('one that failed is tried again in seconds', async () => {
  delivering.receive = ({ parcel }) => {
    if (parcel.body.includes('"number":3')) throw refusal;
  };
  await deliver(eventsOf(5));
  expect(await count('delivered')).toBe(4);
  const [[, seconds] = ['', 0]] = delivering.queued;
  expect(seconds).toBeGreaterThanOrEqual(4);
  expect(seconds).toBeLessThanOrEqual(6);
});

test('while somebody delivers to the destination, all are queued', async () => {
  const lease = await delivering.ports.leases.take(`deliver-${destinationId}`);
  await deliver(eventsOf(3));
  expect(delivering.posted).toEqual([]);
  expect(await count('pending')).toBe(3);
  expect(delivering.queued).toEqual([[destinationId, 0]]);
  // And whoever has it heard of them.
  expect(await lease?.release()).toBe(false);
  await lease?.drop();
});

test('word that is left meanwhile is passed on', async () => {
  let heard: unknown = 'nothing';
  delivering.receive = async () => {
    heard = await delivering.ports.leases.take(`deliver-${destinationId}`);
  };
  await deliver(eventsOf(1));
  expect(heard).toBeUndefined();
  expect(delivering.queued).toEqual([[destinationId, 0]]);
});

test('a destination that is gone, disabled, or has no secret any more is left to the queue', async () => {
  const heldSecrets = { get: () => Promise.resolve(undefined) };
  await deliverNew(delivering.call(), destinationId, eventsOf(2), { ...delivering.ports, heldSecrets });
  expect(await delivering.state()).toMatchObject({ lastError: { code: 'secrets-unavailable' } });
  await delivering.removeDestination();
  delivering.pass(1);
  await deliver(eventsOf(2));
  expect(delivering.posted).toEqual([]);
  expect(await count('pending')).toBe(4);
  expect(delivering.queued).toHaveLength(2);
});

test('one that says that it is gone is disabled', async () => {
  delivering.receive = () =>
    Promise.reject(
      new GatewayError('destination-refused', 'Gone.', { data: { upstream: { protocol: 'http', code: '410' } } }),
    );
  await deliver(eventsOf(1));
  expect((await delivering.ports.destinations.get(destinationId))?.value.state).toBe('disabled');
  expect(await count('pending')).toBe(1);
});
