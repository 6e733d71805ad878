import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient, type TableEntityResult } from '@azure/data-tables';
import { ContainerClient } from '@azure/storage-blob';
import { QueueClient } from '@azure/storage-queue';
import { onTestFinished } from 'vitest';
import { startAzurite, type Storage } from '../../../dev/storage/azurite.ts';

export const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A folder that goes with the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A storage with one table, queue and container, through the real SDKs, ended with the test. */
export interface StorageUnderTest extends Storage {
  table: TableClient;
  queue: QueueClient;
  container: ContainerClient;
  /** A client for a table by this name. */
  tableNamed(name: string): TableClient;
}

export async function startStorage(options: { folder?: string } = {}): Promise<StorageUnderTest> {
  const storage = await startAzurite(options);
  onTestFinished(() => storage.stop());
  const { connectionString } = storage;
  // Without trying again: the SDKs would hide for a minute that a storage was killed.
  const tableNamed = (name: string) =>
    TableClient.fromConnectionString(connectionString, name, {
      allowInsecureConnection: true,
      retryOptions: { maxRetries: 0 },
    });
  const table = tableNamed('rows');
  const queue = new QueueClient(connectionString, 'messages', { retryOptions: { maxTries: 1 } });
  const container = new ContainerClient(connectionString, 'blobs', { retryOptions: { maxTries: 1 } });
  await Promise.all([table.createTable(), queue.createIfNotExists(), container.createIfNotExists()]);
  return { ...storage, table, queue, container, tableNamed };
}

/** Ends it at once, without a chance to save anything, and waits until it is gone. */
export async function kill(storage: Storage): Promise<void> {
  storage.kill();
  await storage.stop();
}

export async function rowsOf(table: TableClient): Promise<TableEntityResult<{ value: number }>[]> {
  const rows = [];
  for await (const row of table.listEntities<{ value: number }>()) rows.push(row);
  return rows;
}

/** Takes every message that can be seen. */
export async function messagesOf(queue: QueueClient): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 600 });
    if (receivedMessageItems.length === 0) return texts;
    texts.push(...receivedMessageItems.map(({ messageText }) => messageText));
  }
}

export async function textOf(container: ContainerClient, name: string): Promise<string> {
  return (await container.getBlobClient(name).downloadToBuffer()).toString();
}
