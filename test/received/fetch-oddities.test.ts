import { beforeEach, expect, test } from 'vitest';
import { readReceived } from '../../functions/received/read-received.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const hour = 60;
const day = 24 * hour;
let reading: Reading;
beforeEach(async () => {
  reading = await startReading(storage);
});

const subjects = async (): Promise<string[]> => (await reading.ledger()).map(({ subject }) => subject);
const deliver = (subject: string, arrived = reading.now(), folder = 'INBOX') =>
  reading.mailbox.deliver(`Subject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\nx`, arrived, folder);

/** Whatever is asked for this mail is refused, as Exchange does for an item it cannot convert. */
function refuse(uid: number): void {
  reading.mailbox.before = (asked) => {
    const [verb, uids = ''] = asked.split(' ');
    if (verb === 'read' && uids.split(',').includes(String(uid)))
      throw new GatewayError('mail-server-busy', 'The mail server refuses the command.');
  };
}

test('a mail that the server cannot give stands in nobody’s way, and is read as soon as it can be', async () => {
  deliver('one');
  const bad = deliver('bad');
  deliver('three');
  refuse(bad);
  await reading.fetch();
  expect(await subjects()).toEqual(['three', 'one']);
  expect(await reading.state()).toMatchObject({ failures: 0, lastError: { code: 'mail-server-busy' } });

  reading.mailbox.before = () => undefined;
  reading.pass(2);
  await reading.fetch();
  expect(await subjects()).toEqual(['three', 'bad', 'one']);
  const state = await reading.state();
  expect(state.lastError).toBeUndefined();
  expect(state.cursors[0]).not.toHaveProperty('skipped');
});

test('a mail that the server lists but does not give is not taken for gone', async () => {
  deliver('one');
  const withheld = deliver('withheld');
  deliver('three');
  reading.mailbox.withheld.add(withheld);
  await reading.fetch();
  expect(await subjects()).toEqual(['three', 'one']);
  reading.mailbox.withheld.clear();
  reading.pass(2);
  await reading.fetch();
  expect(await subjects()).toEqual(['three', 'withheld', 'one']);
});

test('a mail that could not be read for a day is parked with its reason, and tells nobody it was received', async () => {
  deliver('one');
  const bad = deliver('bad');
  refuse(bad);
  for (let hours = 0; hours < 30; hours++) {
    await reading.fetch();
    reading.pass(hour);
  }
  const parked = (await reading.ledger()).filter(({ status }) => status === 'parked');
  expect(parked).toMatchObject([{ uid: bad, cause: { code: 'mail-server-busy' } }]);
  expect((await reading.deliveries()).map(({ event }) => event.about)).not.toContain(parked[0]?.id);
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.mailbox.asked.filter((asked) => asked.startsWith('read'))).toEqual([]);
});

test('a server that gives no mail at all loses none', async () => {
  for (const subject of ['one', 'two', 'three']) deliver(subject);
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read')) throw new GatewayError('mail-server-busy', 'The mail server refuses the command.');
  };
  for (let hours = 0; hours < 30; hours++) {
    await reading.fetch();
    reading.pass(hour);
  }
  expect(await subjects()).toEqual([]);
  reading.mailbox.before = () => undefined;
  await reading.fetch();
  expect(await subjects()).toEqual(['three', 'two', 'one']);
});

test('UIDs that start anew bring back nothing that is known', async () => {
  deliver('known one');
  reading.pass(5);
  deliver('known two');
  await reading.fetch();
  reading.pass(1);
  reading.mailbox.renumber();
  deliver('new');
  const deliveries = (await reading.deliveries()).length;
  await reading.fetch();
  expect(await subjects()).toEqual(['new', 'known two', 'known one']);
  expect(await reading.deliveries()).toHaveLength(deliveries + 1);
  expect((await reading.state()).cursors[0]).not.toHaveProperty('again');
});

test('a long past is not read again when UIDs start anew', async () => {
  for (let count = 0; count < 60; count++) deliver(`old ${count}`);
  await reading.fetch();
  reading.pass(10 * day);
  deliver('recent');
  await reading.fetch();
  reading.mailbox.renumber();
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.mailbox.asked.filter((asked) => asked.startsWith('read'))).toEqual(['read 61']);
  expect(await subjects()).toHaveLength(61);
});

test('reading again goes on where it was interrupted', async () => {
  for (let count = 0; count < 120; count++) deliver(`mail ${count}`);
  await reading.fetch();
  reading.mailbox.renumber();
  let reads = 0;
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read') && ++reads === 2) throw new GatewayError('mail-server-unreachable', 'Gone.');
  };
  deliver('new');
  await reading.fetch();
  reading.mailbox.before = () => undefined;
  await reading.fetch();
  expect(await subjects()).toHaveLength(121);
  for (const row of await reading.ledger()) expect(await reading.bytesOf(row)).toContain(row.subject);
  expect(await reading.deliveries()).toHaveLength(121);
});

test('two mails of the same second are two, even when they are the same', async () => {
  const same = 'Subject: same\r\nMessage-ID: <same@x>\r\n\r\nx';
  for (let count = 0; count < 2; count++) reading.mailbox.deliver(same, reading.now());
  await reading.fetch();
  expect(await subjects()).toEqual(['same', 'same']);
});

test('a destination that is added gets what is received from then on', async () => {
  await reading.change({ destinations: [] });
  deliver('for nobody');
  await reading.fetch();
  await reading.change({ destinations: [destinationId] });
  deliver('for the new one');
  await reading.fetch();
  const [newest] = await reading.ledger();
  expect((await reading.deliveries()).map(({ event }) => event.about)).toEqual([newest?.id]);
});

test('of a mail that cannot be processed the bytes are kept, with the reason', async () => {
  const { mimeParser } = reading.ports;
  Object.assign(reading.ports, {
    mimeParser: {
      ...mimeParser,
      parse: (raw: Uint8Array) =>
        Buffer.from(raw).includes('odd') ? Promise.reject(new Error('Nobody foresaw this.')) : mimeParser.parse(raw),
    },
  });
  for (const subject of ['one', 'odd', 'two']) deliver(subject);
  await reading.fetch();
  for (let look = 0; look < 12; look++) {
    reading.pass(9 * 60);
    await reading.fetch();
  }
  const parked = (await reading.ledger()).find(({ status }) => status === 'parked');
  if (parked === undefined) throw new Error('Nothing was parked.');
  expect(parked.cause).toMatchObject({ code: 'internal-error' });
  expect(await reading.bytesOf(parked)).toContain('Subject: odd');
  expect(await readReceived(parked, { ...reading.ports, mimeParser })).toMatchObject({
    status: 'parked',
    subject: 'odd',
  });
  expect(await reading.ledger()).toHaveLength(3);
});
