import { beforeEach, expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';
import { startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
let reading: Reading;
beforeEach(async () => {
  reading = await startReading(storage);
});

function arrive(count: number): void {
  for (let number = 1; number <= count; number++)
    reading.mailbox.deliver(`Subject: mail ${number}\r\nMessage-ID: <${number}@x>\r\n\r\nBody`, reading.now());
}

const uids = async (): Promise<number[]> => (await reading.ledger()).map(({ uid }) => uid).toSorted((a, b) => a - b);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const reads = () => reading.mailbox.asked.filter((asked) => asked.startsWith('read '));
const look = async (): Promise<void> => {
  reading.pass(20);
  await reading.fetch();
};

test('what came before the connection broke is kept and delivered, and the next look goes on there, at once', async () => {
  arrive(150);
  reading.mailbox.breaking.add(70);
  await reading.fetch();
  expect(await uids()).toEqual(upTo(69));
  expect(await reading.deliveries()).toHaveLength(69);
  expect(await reading.state()).toMatchObject({
    ...{ failures: 1, lastError: { code: 'mail-server-unreachable' } },
    cursors: [{ lastUid: 69, stuck: { uid: 70, times: 1 } }],
  });
  expect(reading.storage).toContain('queue fetch');

  reading.mailbox.breaking.clear();
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reads()[0]).toMatch(/^read 70,71,/);
  expect(await uids()).toEqual(upTo(150));
  expect(await reading.deliveries()).toHaveLength(150);
  expect((await reading.state()).cursors[0]).not.toHaveProperty('stuck');
});

test('a connection that brought nothing is waited for', async () => {
  arrive(5);
  reading.mailbox.breaking.add(1);
  await reading.fetch();
  expect(reading.storage).not.toContain('queue fetch');
  expect(Date.parse((await reading.state()).nextFetchAt ?? '')).toBeGreaterThan(reading.now().getTime());
});

test('a mail that the connection breaks over every time stands in nobody’s way, and is parked after a day', async () => {
  arrive(20);
  reading.mailbox.breaking.add(8);
  for (let time = 0; time < 3; time++) await look();
  expect(await uids()).toEqual(upTo(7));
  await look();
  expect(await uids()).toEqual(upTo(20).filter((uid) => uid !== 8));
  expect((await reading.state()).lastError?.detail).toContain('UID 8');

  for (let hours = 0; hours < 40; hours++) {
    reading.pass(60);
    await reading.fetch();
  }
  const parked = (await reading.ledger()).filter(({ status }) => status === 'parked');
  expect(parked).toMatchObject([{ uid: 8, reason: { kind: 'unreadable' } }]);
  reading.mailbox.asked.length = 0;
  await look();
  expect(reads()).toEqual([]);
});

test('several such mails in a row, and one that is well again, too', async () => {
  arrive(12);
  for (const uid of [3, 4, 9]) reading.mailbox.breaking.add(uid);
  for (let time = 0; time < 7; time++) await look();
  expect(await uids()).toEqual([1, 2, 5, 6, 7, 8]);
  reading.mailbox.breaking.clear();
  await look();
  await look();
  expect(await uids()).toEqual(upTo(12));
});

test('a server of which every connection breaks loses no mail, and has none parked', async () => {
  arrive(4);
  for (const uid of upTo(4)) reading.mailbox.breaking.add(uid);
  for (let hours = 0; hours < 30; hours++) {
    reading.pass(60);
    await reading.fetch();
  }
  expect(await uids()).toEqual([]);
  expect((await reading.state()).cursors[0]).not.toHaveProperty('skipped');
  reading.mailbox.breaking.clear();
  await look();
  reading.pass(60);
  await look();
  expect(await uids()).toEqual(upTo(4));
});

test('of mail that our storage did not take none is passed', async () => {
  arrive(30);
  reading.mailbox.breaking.add(20);
  reading.beforeStorage = (asked) => {
    if (asked === 'table mail change') throw new Error('The storage is not there.');
  };
  await reading.fetch();
  expect(await uids()).toEqual([]);
  expect((await reading.state()).cursors[0]).toMatchObject({ lastUid: 0 });
  reading.beforeStorage = () => undefined;
  reading.mailbox.breaking.clear();
  await reading.fetch();
  expect(await uids()).toEqual(upTo(30));
  for (const row of await reading.ledger()) expect(await reading.bytesOf(row)).toContain(row.subject);
});
