import { beforeEach, describe, expect, test } from 'vitest';
import type { GatewayEvent } from '../../functions/events/event.ts';
import { dropParked } from '../../functions/received/drop-parked.ts';
import { replayReceived } from '../../functions/received/replay-received.ts';
import type { IncomingRule } from '../../functions/servers/incoming-rule.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import type { IncomingServer } from '../../functions/servers/incoming-server.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, serverId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const sales = 'dst_bbbbbbbbbb';
const rules: IncomingRule[] = [
  { name: 'Sales', match: { recipient: ['sales@contoso.example'] }, then: { destinations: [sales, destinationId] } },
  { name: 'Offers', match: { subject: ['offer'] }, then: 'drop' },
  { match: { sender: ['unknown.example'] }, then: 'park' },
];
let reading: Reading;

beforeEach(() => start({ rules }));

async function start(changes: Partial<IncomingServer>): Promise<void> {
  reading = await startReading(storage);
  await reading.change(changes);
  for (const id of [destinationId, sales]) {
    await reading.ports.destinations.add(id, {
      ...{ id, name: id, kind: 'webhook', url: 'https://receiver.example', secretName: 'secret', state: 'active' },
      ...{ events: id === sales ? ['incoming.loop_suspected'] : [], concurrency: 1, createdAt: '' },
    });
  }
}

function deliver(subject: string, ...headers: string[]): number {
  const head = ['From: grace@contoso.example', `Subject: ${subject}`, `Message-ID: <${subject}@x>`, ...headers];
  return reading.mailbox.deliver(`${head.join('\r\n')}\r\n\r\n`, reading.now());
}

async function row(subject: string) {
  const found = (await reading.ledger()).find((each) => each.subject === subject);
  if (found === undefined) throw new Error(`${subject} was not received.`);
  return found;
}

/** Subjects of the mail that is on its way to a destination, in any order. */
async function to(destination: string): Promise<string[]> {
  const { data } = await reading.ports.deliveries.list({ owners: [destination], limit: 100 });
  const subjects = new Map((await reading.ledger()).map(({ id, subject }) => [id, subject]));
  return data.flatMap(({ event }) => subjects.get(event.about) ?? []).toSorted();
}

async function told(): Promise<GatewayEvent[]> {
  const { data } = await reading.ports.deliveries.list({ owners: [sales], limit: 100 });
  return data.map(({ event }) => event).filter(({ type }) => type === 'incoming.loop_suspected');
}

test('each mail goes where the first rule that takes it says, or where the server says', async () => {
  deliver('plain', 'To: ada@contoso.example');
  deliver('alias', 'To: info@contoso.example', 'Delivered-To: Sales@contoso.example');
  deliver('an offer', 'To: ada@contoso.example');
  deliver('an offer to sales', 'Cc: "Sales" <sales@contoso.example>');
  reading.mailbox.deliver('From: x@unknown.example\r\nSubject: stranger\r\n\r\n', reading.now());
  await reading.fetch();
  expect(await to(destinationId)).toEqual(['alias', 'an offer to sales', 'plain']);
  expect(await to(sales)).toEqual(['alias', 'an offer to sales']);
  expect(await row('plain')).not.toHaveProperty('rule');
  expect(await row('alias')).toMatchObject({ status: 'received', rule: 'Sales' });
  expect(await row('an offer')).toMatchObject({ status: 'dropped', rule: 'Offers' });
  expect(await row('stranger')).toMatchObject({ status: 'parked', rule: 'rule 3', reason: { kind: 'rule' } });
  expect(await reading.bytesOf(await row('stranger'))).toContain('Subject: stranger');
  expect(await reading.bytesOf(await row('an offer'))).toContain('Subject: an offer');
});

test('mail that is delivered costs no request more than without rules', async () => {
  for (let count = 0; count < 20; count++) deliver(`mail ${count}`);
  await reading.fetch();
  expect(reading.storage.filter((asked) => asked === 'table received get')).toEqual([]);
  expect(reading.storage.filter((asked) => asked === 'table received change')).toHaveLength(1);
});

test('what is dropped or parked is not received anew when the UIDs start anew', async () => {
  deliver('an offer');
  reading.mailbox.deliver('From: x@unknown.example\r\nSubject: stranger\r\n\r\n', reading.now());
  await reading.fetch();
  reading.mailbox.renumber();
  await reading.fetch();
  expect(await reading.ledger()).toHaveLength(2);
});

test('a crash before the deliveries, and rules that hold the mail back by then: it is found among what is held back', async () => {
  deliver('an invoice');
  reading.beforeStorage = (asked) => {
    if (asked === 'table deliveries change') throw new Error('The process died.');
  };
  await reading.fetch().catch(() => undefined);
  expect(await row('an invoice')).toMatchObject({ status: 'received' });
  reading.beforeStorage = () => undefined;
  await reading.expireLease();
  await reading.change({ rules: [{ match: {}, then: 'park' }] });
  reading.pass(5);
  await reading.fetch();
  expect(await to(destinationId)).toEqual([]);
  expect(await row('an invoice')).toMatchObject({ status: 'parked', reason: { kind: 'rule' } });
});

test('parked mail that is replayed counts as received, also when the process dies in between', async () => {
  await reading.change({ rules: [{ match: {}, then: 'park' }] });
  deliver('parked');
  await reading.fetch();
  const replay = async () => replayReceived(reading.call(), await row('parked'), undefined, reading.ports);
  reading.beforeStorage = (asked) => {
    if (asked === 'table received change') throw new Error('The process died.');
  };
  await expect(replay()).rejects.toThrow();
  expect(await to(destinationId)).toEqual(['parked']);
  expect(await row('parked')).toMatchObject({ status: 'parked' });
  reading.beforeStorage = () => undefined;
  expect(await replay()).toEqual({ destinations: [destinationId] });
  expect(await row('parked')).toMatchObject({ status: 'received' });
  expect(await row('parked')).not.toHaveProperty('reason');
  expect(await to(destinationId)).toEqual(['parked']);
});

test('mail that a rule had sent elsewhere is replayed there, and where the server says once that is gone', async () => {
  deliver('alias', 'To: sales@contoso.example');
  await reading.fetch();
  const replay = async () => replayReceived(reading.call(), await row('alias'), undefined, reading.ports);
  expect(await replay()).toEqual({ destinations: [sales, destinationId] });
  const stored = await reading.ports.destinations.get(sales);
  await reading.ports.destinations.remove(sales, stored?.etag ?? '');
  await reading.change({ rules: [] });
  expect(await replay()).toEqual({ destinations: [destinationId] });
});

test('a mail that could not be read may be dropped, and is replayed no more than before', async () => {
  deliver('first');
  const bad = deliver('bad');
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read') && asked.includes(String(bad)))
      throw new GatewayError('mail-server-busy', 'The mail server refuses the command.');
  };
  for (let hours = 0; hours < 30; hours++) {
    await reading.fetch();
    reading.pass(60);
  }
  const found = (await reading.ledger()).find(({ uid }) => uid === bad);
  expect(found).toMatchObject({ status: 'parked', reason: { kind: 'unreadable' } });
  const dropped = await dropParked(found?.id ?? '', reading.ports);
  expect(dropped).toMatchObject({ status: 'dropped' });
  const replay = replayReceived(reading.call(), dropped, undefined, reading.ports);
  await expect(replay).rejects.toMatchObject({ code: 'conflict' });
});

describe('the loop guard', () => {
  const loopGuard = { messages: 3, minutes: 60, except: [] };
  beforeEach(() => reading.change({ rules: rules.slice(1), loopGuard }));

  test('parks what is too much, tells it once, and lets others through', async () => {
    for (let count = 1; count <= 6; count++) {
      deliver(`loop ${count}`);
      if (count === 4) await reading.fetch();
      reading.pass(2);
    }
    reading.mailbox.deliver('From: other@x.example\r\nSubject: other\r\n\r\n', reading.now());
    await reading.fetch();
    expect(await to(destinationId)).toEqual(['loop 1', 'loop 2', 'loop 3', 'other']);
    expect(await row('loop 5')).toMatchObject({ status: 'parked', reason: { kind: 'loop' } });
    expect(await told()).toMatchObject([
      { about: serverId, data: { id: serverId, sender: 'grace@contoso.example', received: (await row('loop 4')).id } },
    ]);
  });

  test('wherever a reader dies, the same mail is held back, it is told once, and nothing is lost', async () => {
    let deaths = 0;
    for (let request = 1; ; request++) {
      if (request > 1) await start({ rules: rules.slice(1), loopGuard });
      for (let count = 1; count <= 5; count++) deliver(`loop ${count}`);
      deliver('an offer');
      reading.mailbox.deliver('From: other@x.example\r\nSubject: other\r\n\r\n', reading.now());
      let requests = 0;
      reading.beforeStorage = () => {
        if (++requests >= request) throw new Error('The process died.');
      };
      await reading.fetch().catch(() => undefined);
      const survived = requests < request;
      reading.beforeStorage = () => undefined;
      await reading.expireLease();
      reading.pass(5);
      await reading.fetch();
      expect(await to(destinationId)).toEqual(['loop 1', 'loop 2', 'loop 3', 'other']);
      for (const subject of ['loop 4', 'loop 5']) expect(await row(subject)).toMatchObject({ status: 'parked' });
      expect(await row('an offer')).toMatchObject({ status: 'dropped' });
      expect(await told()).toHaveLength(1);
      if (survived) break;
      deaths++;
    }
    // At the least: lease, small mail, server again, ledger, what is held back, event, deliveries, queue, cursor.
    expect(deaths).toBeGreaterThan(9);
  });

  test('reports are not counted: a mass mailing brings many from one sender', async () => {
    const report = 'Content-Type: multipart/report; report-type=delivery-status; boundary=x';
    for (let count = 1; count <= 6; count++) deliver(`report ${count}`, report);
    await reading.fetch();
    expect(await to(destinationId)).toHaveLength(6);
  });

  test('counting costs no request to storage', async () => {
    // The first turn also reads what is remembered for a while, and asks the destination, which takes nothing.
    deliver('before');
    await reading.fetch();
    reading.pass(60);
    for (let count = 0; count < 3; count++) deliver(`first ${count}`);
    reading.storage.length = 0;
    await reading.fetch();
    const counted = reading.storage.splice(0).toSorted();
    expect((await reading.state()).cursors[0]?.senders?.[0]?.arrivals).toHaveLength(3);
    await reading.change({ loopGuard: null });
    for (let count = 0; count < 3; count++) deliver(`second ${count}`);
    reading.storage.length = 0;
    await reading.fetch();
    expect(counted).toEqual(reading.storage.toSorted());
  });
});
