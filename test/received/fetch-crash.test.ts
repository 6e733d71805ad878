import { expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';
import { startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const large = `${'x'.repeat(998)}\r\n`.repeat(13_000);
const mails = Array.from({ length: 5 }, (_, index) => ({
  subject: `mail ${index}`,
  raw: `Subject: mail ${index}\r\nMessage-ID: <${index}@x>\r\n\r\n${index === 2 ? large : `Body ${index}`}`,
}));

/** From this request to storage on, the process is dead: nothing it asks for is done. */
function dieAt(reading: Reading, request: number): void {
  let requests = 0;
  reading.beforeStorage = () => {
    if (++requests >= request) throw new Error('The process is dead.');
  };
}

async function readDying(reading: Reading, request: number): Promise<boolean> {
  dieAt(reading, request);
  const survived = await reading.fetch().then(
    () => true,
    () => false,
  );
  reading.beforeStorage = () => undefined;
  await reading.expireLease();
  return survived;
}

test('wherever a reader dies, each mail is there once, whole, with one delivery under one event id', async () => {
  let deaths = 0;
  for (let request = 1; ; request++) {
    const reading = await startReading(storage);
    for (const { raw } of mails) reading.mailbox.deliver(raw, reading.now());
    if (await readDying(reading, request)) break;
    deaths++;
    const events = (await reading.deliveries()).map(({ event }) => event.id);
    reading.pass(1);
    await reading.fetch();

    const rows = await reading.ledger();
    expect(rows.map(({ subject }) => subject)).toEqual(mails.map(({ subject }) => subject).reverse());
    for (const row of rows) {
      expect(await reading.bytesOf(row)).toBe(mails.find(({ subject }) => subject === row.subject)?.raw);
    }
    const deliveries = await reading.deliveries();
    expect(deliveries.map(({ event }) => event.about).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(new Set(deliveries.map(({ event }) => event.id)).size).toBe(mails.length);
    expect(deliveries.map(({ event }) => event.id)).toEqual(expect.arrayContaining(events));
    expect(await reading.state()).toMatchObject({ failures: 0, cursors: [{ lastUid: mails.length }] });
  }
  // At the least: lease, server, state, account, small mail, blob, server again, ledger, destination, deliveries, queue, cursor.
  expect(deaths).toBeGreaterThan(11);
});

test('a write that fails is never taken for one that was done', async () => {
  const reading = await startReading(storage);
  for (let count = 0; count < 40; count++) reading.mailbox.deliver(`Subject: ${count}\r\n\r\nx`, reading.now());
  let puts = 0;
  reading.beforeStorage = (asked) => {
    if (asked === 'table mail change' && ++puts === 1) throw new Error('Storage is busy.');
  };
  await reading.fetch();
  reading.beforeStorage = () => undefined;
  reading.pass(30);
  await reading.fetch();
  const rows = await reading.ledger();
  expect(rows).toHaveLength(40);
  for (const row of rows) expect(await reading.bytesOf(row)).toBe(`Subject: ${row.subject}\r\n\r\nx`);
});

test('two readers at the same time read each mail once', async () => {
  const reading = await startReading(storage);
  for (const { raw } of mails) reading.mailbox.deliver(raw, reading.now());
  await Promise.all([reading.fetch(), reading.fetch(), reading.fetch()]);
  expect(await reading.ledger()).toHaveLength(mails.length);
  const reads = reading.mailbox.asked.filter((asked) => /^read|^stream/.test(asked));
  expect(reads).toEqual(['read 1,2,4,5', 'stream 3']);
});
