import { beforeEach, expect, test } from 'vitest';
import { deliverAgain } from '../../functions/events/deliver-again.ts';
import { delivered, notDelivered } from '../../functions/events/delivery.ts';
import { newEvent, receivedEvent } from '../../functions/events/event.ts';
import { forgetDeliveries } from '../../functions/events/forget-deliveries.ts';
import { parkLeftovers } from '../../functions/events/park-leftovers.ts';
import { raiseEvents } from '../../functions/events/raise-events.ts';
import type { Message } from '../../functions/messages/message.ts';
import { auditOnDemand } from '../../functions/received/audit-on-demand.ts';
import { forgetReceived } from '../../functions/received/forget-received.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { randomKey, recordId } from '../../functions/shared/ids.ts';
import { destinationId, serverId, startReading, type Reading } from '../received/reading-for-test.ts';
import { storageForTest } from '../support/storage-for-test.ts';

const storage = storageForTest();
const hour = 60;
const day = 24 * hour;
const refused = new GatewayError('event-refused', 'No.');
let reading: Reading;

beforeEach(async () => {
  reading = await startReading(storage);
  const { ports } = reading;
  const destination = {
    id: destinationId,
    name: 'Receiver',
    kind: 'webhook',
    url: 'https://receiver.example',
  } as const;
  const more = {
    secretName: 'secret',
    state: 'active',
    concurrency: 1,
    createdAt: reading.now().toISOString(),
  } as const;
  await ports.destinations.add(destinationId, {
    ...destination,
    ...more,
    events: ['message.sent', 'account.recovered'],
  });
  await ports.destinationStates.put(destinationId, {});
});

async function receive(subject: string, arrived = reading.now()): Promise<void> {
  reading.mailbox.deliver(`Subject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n`, arrived);
  await reading.fetch();
}

/** All that is due is delivered, or given up. */
async function settle(isTaken = true): Promise<void> {
  const jobs = await reading.ports.deliveries.due(destinationId, reading.now(), 30);
  const steps = jobs.map((job) => ({
    job,
    record: isTaken ? delivered(job.record, reading.now()) : notDelivered(job.record, refused, reading.now(), 0.5),
  }));
  await reading.ports.deliveries.step(steps);
}

/** The sweep of an hour; the clock of the test stands at the full hour. */
const sweep = (historyDays = 30) => forgetDeliveries(reading.call(), { ...reading.ports, historyDays });
/** What the deliveries that are kept are about, newest first. */
const about = async () => (await reading.deliveries()).map(({ event }) => event.about);
const ledger = async () => (await reading.ledger()).map(({ id }) => id);

async function repair(): Promise<number> {
  const stored = await reading.ports.incomingServers.get(serverId);
  if (stored === undefined) throw new Error('The server is gone.');
  const { missing } = await auditOnDemand(reading.call(), stored.value, true, reading.ports);
  await reading.fetch();
  return missing;
}

test('what was delivered is forgotten after its days, and nobody is told of that mail again', async () => {
  await receive('old');
  await settle();
  reading.pass(28 * day);
  await receive('newer');
  await settle();
  reading.pass(2 * day);
  await sweep();
  expect(await reading.deliveries()).toHaveLength(2);
  reading.pass(2 * hour);
  await sweep();
  const [newer = '', old = ''] = await ledger();
  expect(await about()).toEqual([newer]);

  expect(await repair()).toBe(0);
  reading.mailbox.renumber();
  await reading.fetch();
  expect(await repair()).toBe(0);
  expect(await about()).toEqual([newer]);
  // By hand it can be delivered once more, as something new.
  await deliverAgain(reading.call(), [receivedEvent(old, reading.now())], [destinationId], reading.ports);
  expect(await reading.deliveries()).toMatchObject([
    { status: 'delivered' },
    { status: 'pending', event: { about: old } },
  ]);
});

test('while new UIDs would bring a mail once more its delivery stays', async () => {
  await receive('one');
  reading.pass(2 * hour);
  await receive('two');
  await settle();
  reading.pass(90 * day);
  await sweep();
  expect(await about()).toEqual(await ledger());
  reading.mailbox.renumber();
  await reading.fetch();
  await receive('three');
  expect(await reading.deliveries()).toHaveLength(3);
});

test('while the reader has not passed a mail its delivery stays, however old', async () => {
  const longAgo = reading.now();
  reading.pass(10 * day);
  await receive('last');
  reading.mailbox.deliver('Subject: half\r\n\r\n', longAgo);
  reading.beforeStorage = (asked) => {
    if (asked === 'queue deliver') throw new Error('Killed.');
  };
  await reading.fetch();
  reading.beforeStorage = () => undefined;
  await settle();
  reading.pass(90 * day);
  await sweep();
  await reading.fetch();
  expect(await reading.deliveries()).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
});

test('the deliveries of mail that was forgotten go, and no audit misses it', async () => {
  await reading.change({ keepRawDays: 10 });
  const ahead = new Date(reading.now().getTime() + 20 * day * 60_000);
  await receive('old');
  await receive('from the future', ahead);
  await settle();
  reading.pass(40 * day);
  await receive('last');
  await settle();
  await forgetReceived(reading.call(), reading.ports);
  const [last] = await ledger();
  expect(await ledger()).toEqual([last]);
  await sweep(1);
  expect(await about()).toEqual([last]);
  expect(await repair()).toBe(0);
  expect(await about()).toEqual([last]);
});

test('mail of a mailbox that its server no longer reads keeps its deliveries: it may be read from its beginning', async () => {
  await receive('old');
  await settle();
  reading.pass(2 * day);
  await receive('last');
  await settle();
  const [last = '', old = ''] = await ledger();
  await reading.change({ mailbox: 'other@contoso.example' });
  reading.pass(90 * day);
  await sweep();
  expect(await about()).toEqual([last, old]);
  await reading.fetch();
  await reading.change({ mailbox: 'ada@contoso.example' });
  await sweep();
  await reading.fetch();
  const ofThese = (await reading.deliveries()).filter(({ event }) => [last, old].includes(event.about));
  expect(ofThese).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
  await sweep();
  expect(await about()).toContain(last);
  expect(await about()).not.toContain(old);
});

test('what is on its way stays; what was given up goes, and then the mail need not wait for it', async () => {
  await receive('given up');
  await settle(false);
  await receive('on its way');
  const [onItsWay] = await ledger();
  reading.pass(2 * day);
  await receive('last');
  await reading.change({ keepRawDays: 10 });
  reading.pass(20 * day);
  const forgetMail = () => forgetReceived(reading.call(), reading.ports);
  await forgetMail();
  await sweep();
  expect(await ledger()).toHaveLength(3);
  reading.pass(20 * day);
  await sweep();
  expect(await about()).toEqual([expect.anything(), onItsWay]);
  await forgetMail();
  expect(await ledger()).toEqual([expect.anything(), onItsWay]);
});

test('given up counts from when it was given up, delivered from when it was', async () => {
  await receive('late', new Date(reading.now().getTime() - 400 * day * 60_000));
  await receive('later', new Date(reading.now().getTime() - 300 * day * 60_000));
  await receive('last');
  reading.pass(20 * day);
  const [, later, late] = await reading.ports.deliveries.due(destinationId, reading.now(), 3);
  if (later === undefined || late === undefined) throw new Error('They are not on their way.');
  await reading.ports.deliveries.step([
    { job: late, record: delivered(late.record, reading.now()) },
    { job: later, record: notDelivered(later.record, refused, reading.now(), 0.5) },
  ]);
  reading.pass(20 * day);
  await sweep();
  expect(await reading.deliveries()).toHaveLength(3);
  reading.pass(20 * day);
  await sweep();
  expect(await reading.deliveries()).toMatchObject([{ status: 'pending' }]);
});

test('what was told of a message is forgotten after the message; what was told of other things after its days', async () => {
  const { messages } = reading.ports;
  const at = reading.now();
  const message = { id: recordId('msg', 'out_aaaaaaaaaa', at, randomKey()), createdAt: at.toISOString() } as Message;
  await messages.add([{ record: message }]);
  const events = [newEvent('message.sent', message.id, at, {}), newEvent('account.recovered', 'acc_a', at, {})];
  await raiseEvents(events, reading.ports);
  reading.pass(1);
  await settle();
  reading.pass(40 * day - 1);
  await sweep();
  expect(await about()).toEqual([message.id]);
  // As after a crash before it was noted that it was told.
  await raiseEvents(events.slice(0, 1), reading.ports);
  expect(await reading.ports.deliveries.due(destinationId, reading.now(), 10)).toEqual([]);
  await messages.remove(message.id);
  await sweep();
  expect(await about()).toEqual([]);
});

test('of a destination or a mailbox that was removed nothing stays', async () => {
  await receive('old');
  await settle();
  await receive('never delivered');
  await reading.ports.destinations.remove(destinationId, '*');
  await parkLeftovers(reading.call(), destinationId, reading.ports);
  await reading.ports.incomingServers.remove(serverId, '*');
  reading.pass(40 * day);
  await sweep();
  expect(await reading.deliveries()).toEqual([]);
});

test('two sweeps at once, and one that dies in the middle, leave nothing behind', async () => {
  for (let n = 0; n < 40; n++) reading.mailbox.deliver(`Subject: ${n}\r\n\r\n`, reading.now());
  await reading.fetch();
  await settle();
  await settle();
  reading.pass(2 * day);
  await receive('last');
  await settle();
  reading.pass(40 * day);
  let removed = 0;
  reading.beforeStorage = (asked) => {
    if (asked === 'table deliveries remove' && ++removed === 20) throw new Error('Killed.');
  };
  await expect(sweep()).rejects.toThrow('Killed.');
  reading.beforeStorage = () => undefined;
  await Promise.all([sweep(), sweep()]);
  expect(await reading.deliveries()).toHaveLength(1);
});

test('where there is nothing to forget a turn asks storage twice, and never without a limit', async () => {
  await receive('new');
  await settle();
  const requests = async (historyDays?: number) => {
    reading.storage.length = 0;
    await forgetDeliveries(reading.call(), { ...reading.ports, historyDays });
    return [...reading.storage];
  };
  expect(await requests(30)).toEqual(['table state query', 'table deliveries query']);
  expect(await requests()).toEqual([]);
  reading.pass(1);
  expect(await requests(30)).toEqual(['table state query']);
});
