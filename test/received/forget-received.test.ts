import { beforeEach, expect, test } from 'vitest';
import { delivered, notDelivered } from '../../functions/events/delivery.ts';
import { dropParked } from '../../functions/received/drop-parked.ts';
import { forgetReceived } from '../../functions/received/forget-received.ts';
import type { IncomingRule } from '../../functions/servers/incoming-rule.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, serverId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const hour = 60;
const day = 24 * hour;
let reading: Reading;

beforeEach(async () => {
  reading = await startReading(storage);
  await reading.change({ keepRawDays: 30 });
  await reading.ports.destinations.add(destinationId, {
    id: destinationId,
    name: 'Receiver',
    kind: 'webhook',
    url: 'https://receiver.example',
    secretName: 'secret',
    events: [],
    state: 'active',
    concurrency: 1,
    createdAt: reading.now().toISOString(),
  });
});

async function receive(subject: string, arrived = reading.now()): Promise<void> {
  reading.mailbox.deliver(`Subject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n`, arrived);
  await reading.fetch();
}

/** All that is due is delivered, or given up. */
async function settle(isTaken = true): Promise<void> {
  const { deliveries } = reading.ports;
  const refused = new GatewayError('event-refused', 'No.');
  const steps = (await deliveries.due(destinationId, reading.now(), 30)).map((job) => ({
    job,
    record: isTaken ? delivered(job.record, reading.now()) : notDelivered(job.record, refused, reading.now(), 0.5),
  }));
  await deliveries.step(steps);
}

/** The sweep of an hour; the clock of the test stands at the full hour. */
const sweep = () => forgetReceived(reading.call(), reading.ports);
const subjects = async () => (await reading.ledger()).map(({ subject }) => subject);

test('mail that was delivered is forgotten after its days, bytes and all', async () => {
  await receive('old');
  const [old] = await reading.ledger();
  if (old === undefined) throw new Error('Nothing was received.');
  reading.pass(5 * day);
  await receive('newer');
  await settle();
  reading.pass(25 * day - hour);
  await sweep();
  expect(await subjects()).toEqual(['newer', 'old']);
  reading.pass(2 * hour);
  await sweep();
  expect(await subjects()).toEqual(['newer']);
  expect(await reading.bytesOf(old)).toBeUndefined();
  expect(await reading.ports.received.get(old.id)).toBeUndefined();
});

test('nothing is forgotten that is on its way or was given up, nor where nobody said so', async () => {
  await receive('given up');
  await settle(false);
  await receive('on its way');
  reading.pass(90 * day);
  await receive('last');
  await sweep();
  expect(await subjects()).toEqual(['last', 'on its way', 'given up']);
  await settle();
  await reading.change({ keepRawDays: null });
  await sweep();
  expect(await subjects()).toHaveLength(3);
  await reading.change({ keepRawDays: 30 });
  await sweep();
  expect(await subjects()).toEqual(['last', 'given up']);
});

test('mail that was given up counts no longer once its destination is gone', async () => {
  await receive('given up');
  await settle(false);
  reading.pass(90 * day);
  await receive('last');
  const stored = await reading.ports.destinations.get(destinationId);
  await reading.ports.destinations.remove(destinationId, stored?.etag ?? '');
  await sweep();
  expect(await subjects()).toEqual(['last']);
});

test('old mail that was read lately counts from when it was read', async () => {
  await receive('arrived long ago', new Date(reading.now().getTime() - 400 * day * 60_000));
  await settle();
  await receive('last');
  await settle();
  await sweep();
  expect(await subjects()).toHaveLength(2);
  reading.pass(31 * day);
  await sweep();
  expect(await subjects()).toEqual(['last']);
});

test('what would be read again stays known, so that new UIDs bring nothing twice', async () => {
  await receive('one');
  reading.pass(2 * hour);
  await receive('two');
  await settle();
  reading.pass(90 * day);
  await sweep();
  expect(await subjects()).toEqual(['two', 'one']);
  reading.mailbox.renumber();
  await reading.fetch();
  expect(await reading.deliveries()).toHaveLength(2);
});

test('mail that the reader has not passed yet stays: its delivery may be about to be queued', async () => {
  reading.mailbox.deliver('Subject: half\r\n\r\n', reading.now());
  reading.beforeStorage = (asked) => {
    if (asked === 'table deliveries change') throw new Error('Killed.');
  };
  await reading.fetch();
  reading.beforeStorage = () => undefined;
  reading.pass(90 * day);
  await sweep();
  expect(await subjects()).toEqual(['half']);
  await reading.fetch();
  expect(await reading.deliveries()).toMatchObject([{ status: 'pending' }]);
  expect((await reading.ports.incomingStates.get(serverId))?.cursors).toMatchObject([{ lastUid: 1 }]);
});

test('what is dropped is forgotten after its days; what is parked waits for a word', async () => {
  const rules: IncomingRule[] = [
    { match: { subject: ['offer'] }, then: 'drop' },
    { match: { subject: ['strange'] }, then: 'park' },
  ];
  await reading.change({ rules });
  await receive('offer');
  await receive('strange');
  reading.pass(5 * day);
  await receive('last');
  await settle();
  reading.pass(90 * day);
  await sweep();
  expect(await subjects()).toEqual(['last', 'strange']);
  const [, strange] = await reading.ledger();
  if (strange === undefined) throw new Error('It is gone.');
  expect(await reading.bytesOf(strange)).toContain('strange');
  await dropParked(strange.id, reading.ports);
  await sweep();
  expect(await subjects()).toEqual(['last']);
});

test('however much is held, what lies behind it is forgotten in the end', async () => {
  await receive('delivered');
  await settle();
  reading.pass(hour);
  const held = Array.from({ length: 2_050 }, (_, index) =>
    reading.mailbox.deliver(`Subject: held ${index}\r\n\r\n`, reading.now()),
  );
  await reading.fetch();
  reading.pass(90 * day);
  await receive('last');
  await sweep();
  expect(await reading.ports.forgotten.get(serverId)).toMatchObject({ cursor: expect.any(String) as string });
  await sweep();
  const left = await reading.ports.received.list({ owners: [serverId], limit: 3_000 });
  expect(left.data).toHaveLength(held.length + 1);
  expect(left.data.map(({ subject }) => subject)).not.toContain('delivered');
}, 120_000);
