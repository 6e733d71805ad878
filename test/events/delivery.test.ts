import { expect, test } from 'vitest';
import { delivered, newDelivery, notDelivered, type Delivery } from '../../functions/events/delivery.ts';
import { receivedEvent } from '../../functions/events/event.ts';
import { GatewayError, type ErrorData } from '../../functions/shared/errors.ts';

const start = Date.parse('2026-11-22T12:00:00.000Z');
const minutes = 60_000;
const event = receivedEvent(`rcv_${'a'.repeat(30)}`, new Date(start));
const refused = (data: ErrorData = {}) =>
  new GatewayError('destination-refused', 'The webhook answered 500.', { data });
const answered = (code: string) => refused({ upstream: { protocol: 'http', code } });

test('an event and its delivery have the same ids however often they are made', () => {
  const later = receivedEvent(event.about, new Date(start + 5 * minutes));
  expect(later.id).toBe(event.id);
  expect(newDelivery('dst_bbbbbbbbbb', later).id).toBe(newDelivery('dst_bbbbbbbbbb', event).id);
  expect(newDelivery('dst_cccccccccc', event).id).not.toBe(newDelivery('dst_bbbbbbbbbb', event).id);
});

test('retries follow the schedule of Standard Webhooks over three days, and then the delivery is parked', () => {
  let delivery: Delivery = newDelivery('dst_bbbbbbbbbb', event);
  let time = start;
  const waits: number[] = [];
  while (delivery.status === 'pending') {
    delivery = notDelivered(delivery, answered('500'), new Date(time), 0.5);
    if (delivery.nextAttemptAt === undefined) break;
    waits.push((Date.parse(delivery.nextAttemptAt) - time) / minutes);
    time = Date.parse(delivery.nextAttemptAt);
  }
  expect(waits).toEqual([5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]);
  expect(delivery).toMatchObject({ status: 'parked', attempts: 10, cause: { code: 'destination-refused' } });
});

test('what failed together does not come back together', () => {
  const waitAt = (chance: number) => {
    const { nextAttemptAt = '' } = notDelivered(
      newDelivery('dst_bbbbbbbbbb', event),
      refused(),
      new Date(start),
      chance,
    );
    return Date.parse(nextAttemptAt) - start;
  };
  expect([waitAt(0), waitAt(1)]).toEqual([4000, 6000]);
});

test('a receiver that asks for more time gets it, one that asks for less does not hurry us', () => {
  const first = notDelivered(newDelivery('dst_bbbbbbbbbb', event), refused({ retryAfter: 3600 }), new Date(start), 0.5);
  expect(first.nextAttemptAt).toBe('2026-11-22T13:00:00.000Z');
  const second = notDelivered(first, refused({ retryAfter: 1 }), new Date(start), 0.5);
  expect(second.nextAttemptAt).toBe('2026-11-22T12:05:00.000Z');
});

test.each([
  ['a refusal for good', new GatewayError('event-refused', 'No place for it.')],
  ['an address that may not be reached', new GatewayError('destination-forbidden', '10.0.0.1')],
  ['bytes that are gone', new GatewayError('not-found', 'gone')],
])('%s parks a delivery at once', (_, error) => {
  const parked = notDelivered(newDelivery('dst_bbbbbbbbbb', event), error, new Date(start), 0.5);
  expect(parked).toMatchObject({ status: 'parked', attempts: 1, cause: { code: error.code } });
  expect(parked).not.toHaveProperty('nextAttemptAt');
});

test('what was taken has no next attempt and no cause any more', () => {
  const failed = notDelivered(newDelivery('dst_bbbbbbbbbb', event), refused(), new Date(start), 0.5);
  const done = delivered(failed, new Date(start + minutes));
  expect(done).toMatchObject({ status: 'delivered', attempts: 2, deliveredAt: '2026-11-22T12:01:00.000Z' });
  expect(done).not.toHaveProperty('nextAttemptAt');
  expect(done).not.toHaveProperty('cause');
});
