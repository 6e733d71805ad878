import { expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';
import { startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();

/** What was sent, by subject, in order. */
function sent(sending: Sending): string[] {
  return sending.exchange.contents.map((content) => /^Subject: (.*)\r$/m.exec(content)?.[1] ?? '');
}

async function acceptMany(sending: Sending, priority: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await sending.accept(priority, { priority });
}

test('the urgent goes first, bulk last, and each in the order it was accepted', async () => {
  const sending = await startSending(storage);
  for (const n of [1, 2]) {
    for (const priority of ['bulk', 'normal', 'high']) await sending.accept(`${priority} ${String(n)}`, { priority });
  }
  await sending.send();
  expect(sent(sending)).toEqual(['high 1', 'high 2', 'normal 1', 'normal 2', 'bulk 1', 'bulk 2']);
});

test('what comes in the middle of a bulk run waits for one message at the most', async () => {
  const sending = await startSending(storage);
  await acceptMany(sending, 'bulk', 40);
  for (let n = 0; n < 7; n++) sending.exchange.mishaps.push({ meanwhile: () => Promise.resolve() });
  sending.exchange.mishaps.push({
    async meanwhile() {
      await sending.accept('Reset your password', { priority: 'high' });
      await sending.accept('Hello');
    },
  });
  await sending.send();
  // It came while the eighth was handed over.
  expect(sent(sending).slice(7, 11)).toEqual(['bulk', 'Reset your password', 'Hello', 'bulk']);
  expect(sent(sending)).toHaveLength(42);
  expect(sending.exchange.logins).toBe(1);
});

test('bulk is not starved by mail that never ends', async () => {
  const sending = await startSending(storage);
  await sending.changeServer({ limits: { perMinute: 30, recipientsPerDay: 10_000, connections: 1 } });
  await acceptMany(sending, 'bulk', 5);
  await acceptMany(sending, 'normal', 90);
  await sending.send();
  expect(sent(sending).filter((subject) => subject === 'normal').length).toBeGreaterThanOrEqual(26);
  expect(sent(sending).filter((subject) => subject === 'bulk').length).toBeGreaterThanOrEqual(2);
});

test('a bulk run that has used its share of the minute leaves room for what is urgent', async () => {
  const sending = await startSending(storage);
  await sending.changeServer({ limits: { perMinute: 30, recipientsPerDay: 10_000, connections: 1 } });
  await acceptMany(sending, 'bulk', 50);
  await sending.send();
  expect(sent(sending)).toHaveLength(27);
  await sending.accept('Reset your password', { priority: 'high' });
  await sending.send();
  expect(sent(sending).at(-1)).toBe('Reset your password');
});
