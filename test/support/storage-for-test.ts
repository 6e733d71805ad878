import { afterAll, beforeAll } from 'vitest';
import { startAzurite, type Storage } from '../../dev/storage/azurite.ts';
import { createRawMailBlobs } from '../../functions/azure/raw-mail-blobs.ts';
import { createRawMailRows } from '../../functions/azure/raw-mail-rows.ts';
import { createTableAndBlobMail } from '../../functions/azure/table-and-blob-mail.ts';
import { createStorageWorkQueues } from '../../functions/azure/storage-work-queues.ts';
import { createTables, type Table } from '../../functions/azure/tables.ts';
import type { PutSmall, RawMail, RawMailList } from '../../functions/shared/raw-mail.ts';
import type { WorkQueues } from '../../functions/shared/work-queues.ts';

/** Our adapters on a storage account of the test file's own. */
export interface StorageForTest {
  connectionString(): string;
  /** A table nobody has used yet. */
  newTable(): Table;
  /** The table of this name: another client for it at every call. */
  table(name: string): Table;
  rawMail(): RawMail & RawMailList;
  /** Whole mail in rows of this table, and in blobs. */
  receivedMail(rows: Table): RawMail & PutSmall;
  queues(): WorkQueues;
}

/** Starts Azurite for the tests of one file. */
export function storageForTest(): StorageForTest {
  let storage: Storage | undefined;
  let tables = 0;
  beforeAll(async () => {
    storage = await startAzurite();
  });
  afterAll(() => storage?.stop());

  const connectionString = (): string => storage?.connectionString ?? '';
  const noCredential = (): Promise<never> => Promise.reject(new Error('A connection string needs no credential.'));
  const table = (name: string): Table => createTables({ connectionString: connectionString() }, noCredential)(name);
  const rawMail = () => createRawMailBlobs({ connectionString: connectionString() }, noCredential);
  return {
    connectionString,
    newTable: () => table(`table${String((tables += 1))}`),
    table,
    rawMail,
    receivedMail: (rows) => createTableAndBlobMail(createRawMailRows(rows), rawMail()),
    queues: () => createStorageWorkQueues({ connectionString: connectionString() }, noCredential),
  };
}
