import type { TokenCredential } from '@azure/identity';
import type { QueueClient } from '@azure/storage-queue';
import type { Courier } from '../events/courier.ts';
import type { StorageQueue } from '../events/destination.ts';
import type { Settings } from '../settings.ts';
import { GatewayError } from '../shared/errors.ts';
import type { RawMailBlobs } from './raw-mail-blobs.ts';
import { statusOf, toStorageError } from './to-storage-error.ts';

/** Octets that fit into an entry of a queue: 64 KiB, in base64. */
const entryLimit = 48 * 1024;

interface Event {
  readonly type: string;
  readonly timestamp: string;
  readonly data: unknown;
}

/**
 * Puts events on storage queues by the identity Postern runs as, in base64, as Azure Functions read them: `{id, type,
 * timestamp, data}`, or, where that is too long, the same without `data` and with the URL of the `blob` that has it.
 */
export function createStorageQueueCourier(
  storage: Settings['storage'],
  credential: () => Promise<TokenCredential>,
  rawMail: RawMailBlobs,
): Courier<StorageQueue> {
  async function open(url: string): Promise<QueueClient> {
    const { QueueClient, QueueServiceClient } = await import('@azure/storage-queue');
    const options = { retryOptions: { maxTries: 2, maxRetryDelayInMs: 5_000 } };
    if ('connectionString' in storage) {
      const own = QueueServiceClient.fromConnectionString(storage.connectionString, options);
      const name = url.slice(url.lastIndexOf('/') + 1);
      if (own.getQueueClient(name).url === url) return own.getQueueClient(name);
    }
    return new QueueClient(url, await credential(), options);
  }

  async function byReference(id: string, { type, timestamp }: Event, body: string): Promise<string> {
    const name = `events/${id}.json`;
    await rawMail.put(name, Buffer.from(body));
    return JSON.stringify({ id, type, timestamp, blob: await rawMail.urlOf(name) });
  }

  return async ({ destination: { queueUrl }, parcel: { id, body }, signal }) => {
    const event = JSON.parse(body) as Event;
    const whole = JSON.stringify({ id, ...event });
    const text = Buffer.byteLength(whole) <= entryLimit ? whole : await byReference(id, event, body);
    try {
      const queue = await open(queueUrl);
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
      await queue.sendMessage(Buffer.from(text).toString('base64'), { abortSignal, messageTimeToLive: -1 });
    } catch (thrown) {
      throw refusal(thrown, queueUrl);
    }
  };
}

function refusal(thrown: unknown, queueUrl: string): GatewayError {
  const status = statusOf(thrown);
  const remedy =
    status === 404
      ? `Make the queue: az storage queue create --auth-mode login --name ${queueUrl.slice(queueUrl.lastIndexOf('/') + 1)} --account-name ...`
      : 'Let the identity of Postern write to it: az role assignment create --role "Storage Queue Data Message Sender" --assignee ... --scope ...';
  if (status === undefined) return toStorageError(thrown);
  return new GatewayError('destination-refused', `The queue answered ${status}.`, {
    cause: thrown,
    data: { upstream: { protocol: 'http', code: String(status) }, remedy },
  });
}
