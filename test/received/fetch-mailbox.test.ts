import { beforeEach, expect, test } from 'vitest';
import { fetchMailboxes } from '../../functions/received/fetch-mailboxes.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { serverId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
let reading: Reading;
beforeEach(async () => {
  reading = await startReading(storage);
});

function arrive(count: number, from = 1): void {
  for (let number = from; number < from + count; number++) {
    reading.mailbox.deliver(
      `Subject: mail ${number}\r\nMessage-ID: <${number}@x>\r\n\r\nBody ${number}`,
      reading.now(),
    );
  }
}

const subjects = async (): Promise<string[]> => (await reading.ledger()).map(({ subject }) => subject);
const throttled = new GatewayError('mail-server-busy', 'Throttled.', { data: { retryAfter: 120 } });

test('an idle mailbox has its state written twice; its server and its state are read once, its account is known', async () => {
  await reading.fetch();
  reading.storage.length = 0;
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.storage).toEqual([
    'table configuration get',
    'table state get',
    'table state change',
    'table state change',
  ]);
  expect(reading.mailbox.asked).toEqual(['login ada@contoso.example', 'open INBOX', 'close']);
});

test('a mailbox that two entries of the queue name because it was due is read once', async () => {
  await fetchMailboxes(reading.call(), [serverId], 'due', reading.ports);
  expect(reading.mailbox.asked).toContain('open INBOX');
  reading.mailbox.asked.length = 0;
  reading.storage.length = 0;
  await fetchMailboxes(reading.call(), [serverId], 'due', reading.ports);
  expect(reading.mailbox.asked).toEqual([]);
  expect(reading.storage).toEqual(['table configuration get', 'table state get']);
  reading.pass(1);
  await fetchMailboxes(reading.call(), [serverId], 'due', reading.ports);
  expect(reading.mailbox.asked).toContain('open INBOX');
});

test('a server that is no longer to be read, or gone, is left alone', async () => {
  await reading.change({ state: 'draft' });
  await fetchMailboxes(reading.call(), [serverId, 'inc_bbbbbbbbbb'], undefined, reading.ports);
  expect(reading.mailbox.asked).toEqual([]);
});

test('batches that are kept stay kept when the mailbox is throttled in the middle', async () => {
  arrive(280);
  let reads = 0;
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read') && ++reads === 3) throw throttled;
  };
  await reading.fetch();
  const state = await reading.state();
  expect(state.cursors).toMatchObject([{ folder: 'INBOX', lastUid: 200 }]);
  expect(state).toMatchObject({ failures: 1, lastError: { code: 'mail-server-busy' } });
  expect(Date.parse(state.nextFetchAt ?? '')).toBeGreaterThanOrEqual(reading.now().getTime() + 120_000);

  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.mailbox.asked.filter((asked) => asked.startsWith('read'))).toHaveLength(1);
  expect(await subjects()).toHaveLength(280);
  expect(await reading.state()).toMatchObject({ failures: 0, cursors: [{ lastUid: 280 }] });
  expect((await reading.state()).lastError).toBeUndefined();
});

test('a mailbox that cannot be read is tried ever more seldom', async () => {
  reading.mailbox.before = () => {
    throw new GatewayError('mail-server-unreachable', 'Down.');
  };
  const waits: number[] = [];
  for (let failure = 0; failure < 6; failure++) {
    await reading.fetch();
    const { nextFetchAt = '' } = await reading.state();
    waits.push((Date.parse(nextFetchAt) - reading.now().getTime()) / 60_000);
  }
  for (const [index, minutes] of [1, 2, 5, 10, 15, 15].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(minutes * 0.8);
    expect(waits[index]).toBeLessThanOrEqual(minutes * 1.2);
  }
});

test('mail that is gone between the list and the reading is passed over', async () => {
  arrive(3);
  const large = reading.mailbox.deliver(`Subject: large\r\n\r\n${'x'.repeat(2_200_000)}`, reading.now());
  arrive(1, 4);
  reading.mailbox.before = (asked) => {
    if (!asked.startsWith('read')) return;
    reading.mailbox.remove(2);
    reading.mailbox.remove(large);
  };
  await reading.fetch();
  expect(await subjects()).toEqual(['mail 4', 'mail 3', 'mail 1']);
  expect(await reading.state()).toMatchObject({ failures: 0, cursors: [{ lastUid: 5 }] });
});

test('a folder whose newest mail was moved away is not searched at every look', async () => {
  arrive(2);
  reading.mailbox.remove(1);
  reading.mailbox.remove(2);
  await reading.fetch();
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.mailbox.asked).toEqual(['login ada@contoso.example', 'open INBOX', 'close']);
});

test('a long reading stops in time and is queued again at once', async () => {
  arrive(250);
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read')) reading.pass(3);
  };
  await reading.fetch();
  expect(reading.storage.filter((asked) => asked === 'queue fetch')).toHaveLength(1);
  expect(await reading.state()).toMatchObject({ failures: 0, cursors: [{ lastUid: 100 }] });
  // Should the entry get lost, the timer queues another.
  expect((await reading.state()).nextFetchAt).toBe(reading.now().toISOString());
  await reading.fetch();
  await reading.fetch();
  expect(await subjects()).toHaveLength(250);
});

test('a reset or another mailbox stops a reading in the middle', async () => {
  arrive(150);
  let changed: Promise<void> | undefined;
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read')) changed ??= reading.change({ state: 'draft' });
  };
  await reading.fetch();
  await changed;
  expect((await subjects()).length).toBeLessThan(150);
  await reading.change({ state: 'confirmed' });
  await reading.fetch();
  expect(await subjects()).toHaveLength(150);
});

test('what is far too long for the ledger is cut, and the mail is kept whole', async () => {
  const many = Array.from({ length: 500 }, (_, index) => `"${'n'.repeat(90)}" <a${index}@example.com>`).join(',\r\n ');
  const raw = `From: "${'漢'.repeat(9000)}" <f@example.com>\r\nTo: ${many}\r\nMessage-ID: <${'i'.repeat(2000)}@x>\r\n\r\nx`;
  for (let count = 0; count < 50; count++) reading.mailbox.deliver(raw, reading.now());
  await reading.fetch();
  const rows = await reading.ledger();
  expect(rows).toHaveLength(50);
  expect(JSON.stringify(rows[0]).length).toBeLessThan(40_000);
  expect(rows[0]?.messageId).toBeUndefined();
  expect(rows[0] && (await reading.bytesOf(rows[0]))).toBe(Buffer.from(raw).toString('latin1'));
});
