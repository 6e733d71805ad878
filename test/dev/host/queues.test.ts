import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startAzurite } from '../../../dev/storage/azurite.ts';
import { runFixture } from './run-fixture.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let account: QueueServiceClient;
beforeAll(async () => {
  azurite = await startAzurite();
  account = QueueServiceClient.fromConnectionString(azurite.connectionString);
});
afterAll(() => azurite.stop());

async function send(queueName: string, ...texts: string[]): Promise<void> {
  const queue = account.getQueueClient(queueName);
  await queue.createIfNotExists();
  for (const text of texts) await queue.sendMessage(Buffer.from(text).toString('base64'));
}

/** Waits until a queue holds that many messages, visible or not, and says what they are. */
async function contentOf(queueName: string, count: number): Promise<string[]> {
  return vi.waitFor(
    async () => {
      const { peekedMessageItems } = await account.getQueueClient(queueName).peekMessages({ numberOfMessages: 32 });
      const texts = peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString());
      expect(texts).toHaveLength(count);
      return texts;
    },
    { timeout: 15_000, interval: 100 },
  );
}

async function expectEmpty(queueName: string): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await account.getQueueClient(queueName).getProperties()).approximateMessagesCount).toBe(0);
    },
    { timeout: 15_000, interval: 100 },
  );
}

test('queue functions get their messages, put out theirs, and are retried as host.json says', async () => {
  const { line, lines } = await runFixture('queues', {
    AzureWebJobsStorage: azurite.connectionString,
    WORK_QUEUE: 'work-items',
  });

  // The queue is made when it is missing, then filled; JSON arrives parsed, with the metadata.
  await vi.waitFor(() => account.getQueueClient('work-items').getProperties(), { timeout: 5000 });
  await send('work-items', '{"id":7}');
  const got = await line(/Functions\.work: got \{"id":7\} with/);
  const metadata = JSON.parse(got.slice(got.indexOf(' with ') + 6)) as Record<string, unknown>;
  expect(Object.keys(metadata).sort()).toEqual([
    ...['dequeueCount', 'expirationTime', 'id', 'insertionTime', 'nextVisibleTime', 'popReceipt', 'queueTrigger'],
  ]);
  expect(metadata['dequeueCount']).toBe(1);
  expect(await contentOf('results', 1)).toEqual(['{"done":{"id":7}}']);
  expect(await contentOf('more', 2)).toEqual(['one', '{"two":2}']);
  await expectEmpty('work-items');

  // One message fails once, another one for ever.
  await send('failing', 'once', 'always');
  await line(/failing once for the 2\. time/);
  expect(await contentOf('failing-poison', 1)).toEqual(['always']);
  expect(lines.filter((printed) => /failing always for the \d\. time/.test(printed))).toHaveLength(3);
  await expectEmpty('failing');

  // What is not base64 is poison at once.
  await account.getQueueClient('failing').sendMessage('not base64!');
  await vi.waitFor(
    async () => {
      const poison = account.getQueueClient('failing-poison');
      expect((await poison.getProperties()).approximateMessagesCount).toBe(2);
    },
    { timeout: 5000 },
  );

  // A backlog is worked off, batchSize + newBatchThreshold at once at most.
  const backlog = Array.from({ length: 20 }, (_, index) => `message ${index}`);
  await send('backlog', ...backlog);
  await Promise.all(backlog.map((text) => line(new RegExp(`worked on ${text},`))));
  const atOnce = lines.flatMap((printed) => /, (\d+) at once/.exec(printed)?.[1] ?? []).map(Number);
  expect(Math.max(...atOnce)).toBeGreaterThan(1);
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(6);
  await expectEmpty('backlog');
});

test('messages being worked on are finished before the host stops', async () => {
  const host = await runFixture('queues', {
    AzureWebJobsStorage: azurite.connectionString,
    WORK_QUEUE: 'work-items',
  });
  await send('failing', 'always');
  await host.line(/failing always for the 1\. time/);
  await host.stop();
  // It is back in the queue and not lost for the ten minutes of its processing time.
  await vi.waitFor(
    async () => {
      const { receivedMessageItems } = await account.getQueueClient('failing').receiveMessages();
      expect(receivedMessageItems).toHaveLength(1);
    },
    { timeout: 5000 },
  );
});

test('without storage HTTP works and the listeners say what is wrong', async () => {
  const { url, line } = await runFixture('queues', { WORK_QUEUE: 'work-items' });
  await line(
    /\[error\] Host: The listener for Functions\.failing cannot read failing: The setting AzureWebJobsStorage/,
  );
  expect((await fetch(`${url}/admin/host/ping`)).status).toBe(200);
});
