import type { BlobServiceClient } from '@azure/storage-blob';
import type { QueueClient } from '@azure/storage-queue';
import type { Environment } from './host-settings.ts';

/** Clients for the storage accounts that app settings name by connection string. */
export interface Storage {
  /** The account of AzureWebJobsStorage. Throws when the setting is missing. */
  blobs(): Promise<BlobServiceClient>;
  /** A queue of the account a binding's `connection` names. Throws when there is no such setting. */
  queue(connection: string, queueName: string): Promise<QueueClient>;
}

// This host tries again itself, and wants to know at once that something is wrong.
const options = { retryOptions: { maxTries: 2, retryDelayInMs: 200, tryTimeoutInMs: 10_000 } };

/** The SDKs are loaded at first use: an HTTP-only app starts without them. */
export function createStorage(env: Environment): Storage {
  const queues = new Map<string, QueueClient>();
  return {
    async blobs() {
      const { BlobServiceClient } = await import('@azure/storage-blob');
      return BlobServiceClient.fromConnectionString(connectionString('AzureWebJobsStorage', env), options);
    },
    async queue(connection, queueName) {
      const { QueueServiceClient } = await import('@azure/storage-queue');
      const key = `${connection}/${queueName}`;
      const known = queues.get(key);
      if (known) return known;
      const account = QueueServiceClient.fromConnectionString(connectionString(connection, env), options);
      const queue = account.getQueueClient(queueName);
      queues.set(key, queue);
      return queue;
    },
  };
}

/** A binding's connection is the name of a setting, with or without the prefix AzureWebJobs; none means the host's own. */
function connectionString(connection: string, env: Environment): string {
  const name = connection === '' ? 'AzureWebJobsStorage' : connection;
  const value = env[`AzureWebJobs${name}`] ?? env[name];
  if (value === undefined || value === '') throw new Error(`The setting ${name} (a connection string) is missing.`);
  return value;
}

/** Whether a storage error has one of these HTTP statuses. */
export function hasStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof Error && 'statusCode' in error && statuses.includes(error.statusCode as number);
}
