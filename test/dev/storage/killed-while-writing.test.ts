import { expect, test, vi } from 'vitest';
import {
  kill,
  messagesOf,
  newFolder,
  numbers,
  rowsOf,
  startStorage,
  textOf,
  type StorageUnderTest,
} from './storage-under-test.ts';

/** The last number that was answered, per row, blob and so on. */
interface Answered {
  rows: Map<string, number>;
  blobs: Map<string, number>;
  messages: Set<string>;
  transaction: number;
}

const wordsPerBlob = 5000;

/** Writes ever higher numbers everywhere at once, until the kill. Returns what kills it and waits for the end of the writing. */
function keepWriting(storage: StorageUnderTest, from: number, answered: Answered) {
  const { table, queue, container } = storage;
  let last = from;
  let killed = false;
  const write = async (one: (value: number) => Promise<unknown>) => {
    while (!killed) {
      await one(++last).catch((error: unknown) => {
        if (!killed) throw error;
      });
    }
  };
  const writers = numbers(3).flatMap((n) => [
    write(async (value) => {
      await table.upsertEntity({ partitionKey: 'single', rowKey: `${n}`, value });
      answered.rows.set(`${n}`, value);
    }),
    write(async (value) => {
      await queue.sendMessage(`${value}`);
      answered.messages.add(`${value}`);
    }),
    write(async (value) => {
      const text = `${value} `.repeat(wordsPerBlob);
      await container.getBlockBlobClient(`${n}`).upload(text, text.length);
      answered.blobs.set(`${n}`, value);
    }),
  ]);
  writers.push(
    write(async (value) => {
      const rows = numbers(50).map((n) => ({ partitionKey: 'together', rowKey: `${n}`, value }));
      await table.submitTransaction(rows.map((row) => ['upsert', row]));
      answered.transaction = value;
    }),
  );
  return async () => {
    killed = true;
    await Promise.all([kill(storage), ...writers]);
  };
}

async function expectAll(answered: Answered, { table, queue, container }: StorageUnderTest) {
  const rows = await rowsOf(table);
  for (const [rowKey, value] of answered.rows) {
    const row = rows.find((row) => row.partitionKey === 'single' && row.rowKey === rowKey);
    expect(row?.value).toBeGreaterThanOrEqual(value);
  }
  const together = rows.filter(({ partitionKey }) => partitionKey === 'together');
  expect(new Set(together.map(({ value }) => value)).size).toBe(1);
  expect(together[0]?.value).toBeGreaterThanOrEqual(answered.transaction);
  for (const [name, value] of answered.blobs) {
    const words = (await textOf(container, name)).trim().split(' ');
    expect(words).toEqual(new Array(wordsPerBlob).fill(words[0]));
    expect(Number(words[0])).toBeGreaterThanOrEqual(value);
  }
  const messages = new Set(await messagesOf(queue));
  expect([...answered.messages].filter((message) => !messages.has(message))).toEqual([]);
}

test('killed in the middle of writing, again and again: what was answered is there, and nothing by halves', async () => {
  const folder = await newFolder();
  let storage = await startStorage({ folder });
  const answered: Answered = { rows: new Map(), blobs: new Map(), messages: new Set(), transaction: 0 };

  for (const round of numbers(4)) {
    answered.messages.clear();
    const from = round * 1_000_000;
    const stop = keepWriting(storage, from, answered);
    // Some work later, and each time at another point of it.
    await vi.waitUntil(() => answered.messages.size > 20 + 17 * round && answered.transaction > from, {
      timeout: 10_000,
      interval: 7,
    });
    await stop();

    storage = await startStorage({ folder });
    await expectAll(answered, storage);
    await storage.queue.clearMessages();
  }
});
