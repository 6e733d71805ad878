import { beforeEach, expect, test } from 'vitest';
import { auditDueMailboxes } from '../../functions/received/audit-due-mailboxes.ts';
import { auditOnDemand } from '../../functions/received/audit-on-demand.ts';
import type { Audit } from '../../functions/received/audit.ts';
import { forgetReceived } from '../../functions/received/forget-received.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, serverId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const hour = 60;
const day = 24 * hour;
let reading: Reading;

beforeEach(async () => {
  reading = await startReading(storage);
});

function deliver(subject: string, arrived = reading.now()): number {
  return reading.mailbox.deliver(`Subject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n`, arrived);
}

async function audit(repair = false): Promise<Audit> {
  const stored = await reading.ports.incomingServers.get(serverId);
  if (stored === undefined) throw new Error('The server is gone.');
  return auditOnDemand(reading.call(), stored.value, repair, reading.ports);
}

/** What an audit says of the only folder, numbers alone. */
function counts({ folders: [folder] }: Audit) {
  if (folder === undefined) throw new Error('There is no folder.');
  const { inMailbox, inLedger, known, missing, waiting, gone, extra, parked } = folder;
  const lists = Object.entries({ missing, waiting, gone, extra, parked }).filter(([, list]) => list.count > 0);
  return { inMailbox, inLedger, known, ...Object.fromEntries(lists.map(([name, { uids }]) => [name, uids])) };
}

const subjects = async () => (await reading.ledger()).map(({ subject }) => subject);

/** The ledger loses the row of a mail, as no crash should make it. */
async function lose(subject: string): Promise<void> {
  const row = (await reading.ledger()).find((each) => each.subject === subject);
  await reading.ports.received.remove(row?.id ?? '');
}

/** Reading begins only now. */
async function beginAnew(changes: { since?: string } = {}): Promise<void> {
  const stored = await reading.ports.incomingServers.get(serverId);
  if (stored === undefined) throw new Error('The server is gone.');
  const { starts, ...server } = stored.value;
  await reading.ports.incomingServers.replace(serverId, { ...server, ...changes }, stored.etag);
  await reading.confirm();
}

test('all that was read is there, and what was there before reading began does not count', async () => {
  deliver('before');
  await beginAnew();
  expect(counts(await audit())).toEqual({ inMailbox: 0, inLedger: 0, known: 0 });
  for (let mail = 0; mail < 60; mail++) deliver(`mail-${mail}`);
  const waiting = Array.from({ length: 20 }, (_, index) => index + 2);
  expect(counts(await audit())).toEqual({ inMailbox: 60, inLedger: 0, known: 0, waiting });
  await reading.fetch();
  expect(counts(await audit())).toEqual({ inMailbox: 60, inLedger: 60, known: 0 });
  expect(await reading.ports.audits.get(serverId)).toMatchObject({ missing: 0, at: reading.now().toISOString() });
});

test('what the ledger lacks is missing, and is read again when that is wanted: once, with the same ids', async () => {
  for (const subject of ['one', 'two', 'three']) deliver(subject);
  await reading.fetch();
  const before = await reading.ledger();
  await lose('two');
  expect(counts(await audit())).toEqual({ inMailbox: 3, inLedger: 2, known: 0, missing: [2] });
  await reading.fetch();
  expect(await subjects()).toHaveLength(2);

  expect(await audit(true)).toMatchObject({ missing: 1, repaired: 1 });
  expect(counts(await audit())).toEqual({ inMailbox: 3, inLedger: 2, known: 0, waiting: [2] });
  expect(reading.storage).toContain('queue fetch');
  await reading.fetch();
  expect((await reading.ledger()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(await reading.deliveries()).toHaveLength(3);
  expect(counts(await audit(true))).toEqual({ inMailbox: 3, inLedger: 3, known: 0 });
});

test('mail that left the mailbox is gone, which is no fault; a mail that cannot be had waits, and then is parked', async () => {
  for (const subject of ['one', 'two', 'three']) deliver(subject);
  reading.mailbox.withheld.add(2);
  await reading.fetch();
  reading.mailbox.remove(1);
  expect(counts(await audit(true))).toEqual({ inMailbox: 2, inLedger: 2, known: 0, waiting: [2], gone: [1] });
  for (let look = 0; look < 12; look++) {
    reading.pass(9 * hour);
    await reading.fetch();
  }
  expect(counts(await audit())).toEqual({ inMailbox: 2, inLedger: 3, known: 0, gone: [1], parked: [2] });
});

test('after the UIDs have started anew known mail is known, and new mail is not lost', async () => {
  for (const subject of ['one', 'two', 'three']) deliver(subject);
  await reading.fetch();
  reading.mailbox.renumber();
  deliver('four');
  expect(counts(await audit(true))).toEqual({ inMailbox: 4, inLedger: 0, known: 0, waiting: [1, 2, 3, 4] });
  await reading.fetch();
  expect(counts(await audit())).toEqual({ inMailbox: 4, inLedger: 1, known: 3 });
  await lose('four');
  expect(counts(await audit(true))).toEqual({ inMailbox: 4, inLedger: 0, known: 3, missing: [4] });
  await reading.fetch();
  expect((await subjects()).sort()).toEqual(['four', 'one', 'three', 'two']);
  expect(await reading.deliveries()).toHaveLength(4);
});

test('with a time to begin with older mail counts only from then on', async () => {
  const since = new Date(reading.now().getTime() - 2 * day * 60_000);
  deliver('old', new Date(since.getTime() - 3 * hour * 60_000));
  deliver('new', new Date(since.getTime() + hour * 60_000));
  deliver('moved-in', new Date(since.getTime() - 30 * day * 60_000));
  deliver('newer', new Date(since.getTime() + 2 * hour * 60_000));
  await beginAnew({ since: since.toISOString() });
  await reading.fetch();
  expect(await subjects()).toEqual(['newer', 'new']);
  expect(counts(await audit())).toEqual({ inMailbox: 2, inLedger: 2, known: 0 });
  await lose('new');
  expect(counts(await audit())).toEqual({ inMailbox: 2, inLedger: 1, known: 0, missing: [2] });
});

test('mail that was forgotten after its days is not missing', async () => {
  await reading.change({ keepRawDays: 1, destinations: [] });
  deliver('old');
  await reading.fetch();
  reading.pass(3 * day);
  deliver('new');
  await reading.fetch();
  await forgetReceived(reading.call(), reading.ports);
  expect(await subjects()).toEqual(['new']);
  const all = { inMailbox: 1, inLedger: 1, known: 0 };
  expect(counts(await audit())).toEqual(all);
  await reading.change({ keepRawDays: null });
  expect(counts(await audit())).toEqual(all);
});

test('a folder that is gone is said so, and the others are compared', async () => {
  await reading.change({ folders: ['Gone', 'INBOX'] });
  deliver('one');
  await reading.fetch();
  expect((await audit()).folders).toMatchObject([
    { folder: 'Gone', cause: { code: 'folder-not-found' } },
    { folder: 'INBOX', inMailbox: 1, inLedger: 1, missing: { count: 0 } },
  ]);
});

test('a mailbox of very many mails is listed in parts', async () => {
  deliver('one');
  await reading.fetch();
  const lease = await reading.lease();
  const before = await reading.state();
  await lease?.drop({ ...before, cursors: before.cursors.map((cursor) => ({ ...cursor, lastUid: 12_000 })) });
  reading.mailbox.asked.length = 0;
  expect(counts(await audit())).toMatchObject({ inMailbox: 1, inLedger: 1 });
  expect(reading.mailbox.asked.filter((asked) => asked.startsWith('uids'))).toEqual([
    'uids 1:5000',
    'uids 5001:10000',
    'uids 10001:12000',
  ]);
});

test('while the mailbox is being read an audit looks, and is told to come back with what it wants read', async () => {
  deliver('one');
  await reading.fetch();
  await lose('one');
  const lease = await reading.lease();
  expect(await audit()).toMatchObject({ missing: 1, repaired: 0 });
  const signal = AbortSignal.timeout(50);
  const stored = await reading.ports.incomingServers.get(serverId);
  if (stored === undefined) throw new Error('The server is gone.');
  await expect(auditOnDemand({ ...reading.call(), signal }, stored.value, true, reading.ports)).rejects.toThrow();
  await lease?.drop();
  expect(await audit(true)).toMatchObject({ missing: 1, repaired: 1 });
});

test('once a day missing mail is told, once, and read again', async () => {
  await reading.ports.destinations.add(destinationId, {
    id: destinationId,
    name: 'Receiver',
    kind: 'webhook',
    url: 'https://receiver.example',
    secretName: 'secret',
    events: ['incoming.audit_missing'],
    state: 'active',
    concurrency: 1,
    createdAt: reading.now().toISOString(),
  });
  const told = async () =>
    (await reading.deliveries()).map(({ event }) => event).filter(({ type }) => type === 'incoming.audit_missing');
  deliver('one');
  await reading.fetch();
  await lose('one');
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(await told()).toEqual([]);

  reading.pass(day);
  // Dies after it was told, and before anything is mended.
  reading.beforeStorage = (asked) => {
    if (asked === 'table state change') throw new Error('Killed.');
  };
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(await reading.ports.audits.get(serverId)).toBeUndefined();
  reading.beforeStorage = () => undefined;
  reading.pass(10);
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(await told()).toMatchObject([
    { about: serverId, data: { missing: 1, folders: [{ missing: { uids: [1] } }] } },
  ]);
  expect(await reading.ports.audits.get(serverId)).toMatchObject({ missing: 1, repaired: 1 });
  await reading.fetch();
  expect(await subjects()).toEqual(['one']);

  reading.mailbox.asked.length = 0;
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(reading.mailbox.asked).toEqual([]);
  reading.pass(day);
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(await reading.ports.audits.get(serverId)).toMatchObject({ missing: 0 });
  expect(await told()).toHaveLength(1);
});

test('a mailbox that fails is not audited until it works again', async () => {
  deliver('one');
  await reading.fetch();
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('login')) throw new Error('Down.');
  };
  reading.pass(day);
  await reading.fetch();
  reading.mailbox.asked.length = 0;
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(reading.mailbox.asked).toEqual([]);
  reading.mailbox.before = () => undefined;
  await reading.fetch();
  await auditDueMailboxes(reading.call(), reading.ports);
  expect(await reading.ports.audits.get(serverId)).toMatchObject({ missing: 0 });
});

test('wherever a reader dies while it reads a folder again, all is accounted for', async () => {
  for (let request = 1, isDead = true; isDead; request++) {
    reading = await startReading(storage);
    for (const subject of ['one', 'two', 'three']) deliver(subject);
    await reading.fetch();
    reading.mailbox.renumber();
    deliver('four');
    let requests = 0;
    reading.beforeStorage = () => {
      if (++requests >= request) throw new Error('The process is dead.');
    };
    await reading.fetch().catch(() => undefined);
    isDead = requests >= request;
    reading.beforeStorage = () => undefined;
    await reading.expireLease();
    expect(await audit(true)).toMatchObject({ missing: 0, repaired: 0 });
    reading.pass(1);
    await reading.fetch();
    expect(counts(await audit(true))).toEqual({ inMailbox: 4, inLedger: 1, known: 3 });
    expect((await subjects()).sort()).toEqual(['four', 'one', 'three', 'two']);
  }
});
