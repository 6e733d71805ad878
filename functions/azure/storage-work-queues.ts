import type { TokenCredential } from '@azure/identity';
import type { QueueClient } from '@azure/storage-queue';
import type { Settings } from '../settings.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { createSharedWord } from './shared-word.ts';
import { statusOf, toStorageError } from './to-storage-error.ts';

/** The queues' names, as the triggers bind to them. */
export const queueNames = { send: 'send', fetch: 'fetch', deliver: 'deliver' } as const;

/** Work queues in Azure Storage. Entries are base64, as the Functions host reads them unless host.json says otherwise. */
export function createStorageWorkQueues(
  storage: Settings['storage'],
  credential: () => Promise<TokenCredential>,
): WorkQueues {
  const opened = new Map<string, Promise<QueueClient>>();

  async function open(name: string): Promise<QueueClient> {
    const { QueueServiceClient } = await import('@azure/storage-queue');
    const options = { retryOptions: { maxTries: 4, maxRetryDelayInMs: 5_000 } };
    const service =
      'connectionString' in storage
        ? QueueServiceClient.fromConnectionString(storage.connectionString, options)
        : new QueueServiceClient(storage.queues, await credential(), options);
    return service.getQueueClient(name);
  }

  async function put(name: string, entry: unknown, visibilityTimeout = 0): Promise<void> {
    const client = opened.get(name) ?? open(name);
    opened.set(name, client);
    const text = Buffer.from(JSON.stringify(entry)).toString('base64');
    const send = async () =>
      (await client).sendMessage(text, { visibilityTimeout, abortSignal: AbortSignal.timeout(30_000) });
    try {
      try {
        await send();
      } catch (thrown) {
        if (statusOf(thrown) !== 404) throw thrown;
        await (await client).createIfNotExists();
        await send();
      }
    } catch (thrown) {
      throw toStorageError(thrown);
    }
  }

  const words = new Map<string, () => Promise<void>>();

  /** Word about one thing, which is the same however often it is given. */
  function share(name: string, id: string, entry: unknown): Promise<void> {
    const word = words.get(`${name} ${id}`) ?? createSharedWord((delaySeconds) => put(name, entry, delaySeconds));
    words.set(`${name} ${id}`, word);
    return word();
  }

  return {
    send: (outgoingServer, seconds) =>
      seconds === undefined
        ? share(queueNames.send, outgoingServer, { outgoingServer })
        : put(queueNames.send, { outgoingServer }, seconds),
    fetch: (incomingServers, which) => put(queueNames.fetch, { incomingServers, ...(which && { which }) }),
    deliver: (destination, seconds) =>
      seconds === undefined
        ? share(queueNames.deliver, destination, { destination })
        : put(queueNames.deliver, { destination }, seconds),
  };
}
