import type { TableClient, TableEntityResult, TransactionAction } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import type { Settings } from '../settings.ts';
import { statusOf, toStorageError } from './to-storage-error.ts';

export type Entity = TableEntityResult<Record<string, unknown>>;

/** One table, created when it is first missing. */
export interface Table {
  get(partitionKey: string, rowKey: string): Promise<Entity | undefined>;
  /** Entities that a filter matches, in the order of their keys; at most `limit`, with these properties or all. */
  query(filter: string, limit?: number, select?: string[]): Promise<Entity[]>;
  /**
   * Runs 1 to 100 changes of one partition, all or none. Answers their new ETags, or undefined when one did not hold:
   * what was to be new was there, or what was to be changed was gone or another than its ETag says.
   */
  change(actions: readonly TransactionAction[]): Promise<(string | undefined)[] | undefined>;
  /** Removes one entity as its ETag says it was; false when it is gone or another by now. */
  remove(partitionKey: string, rowKey: string, etag: string): Promise<boolean>;
}

/** Opens tables of the storage account by name; the SDK is loaded with the first. */
export function createTables(
  storage: Settings['storage'],
  credential: () => Promise<TokenCredential>,
): (name: string) => Table {
  async function open(name: string): Promise<TableClient> {
    const { TableClient } = await import('@azure/data-tables');
    const options = { retryOptions: { maxRetries: 3, maxRetryDelayInMs: 5_000 } };
    return 'connectionString' in storage
      ? // Azurite speaks plain HTTP; Azure's connection strings name https endpoints all the same.
        TableClient.fromConnectionString(storage.connectionString, name, { ...options, allowInsecureConnection: true })
      : new TableClient(storage.tables, name, await credential(), options);
  }

  return (name) => {
    let client: Promise<TableClient> | undefined;

    async function ask<T>(run: (client: TableClient, abortSignal: AbortSignal) => Promise<T>): Promise<T> {
      client ??= open(name);
      const table = await client;
      try {
        return await run(table, AbortSignal.timeout(30_000));
      } catch (thrown) {
        if (!isTableMissing(thrown)) throw thrown;
        await table.createTable();
        return run(table, AbortSignal.timeout(30_000));
      }
    }

    return {
      async get(partitionKey, rowKey) {
        try {
          return await ask((table, abortSignal) => table.getEntity(partitionKey, rowKey, { abortSignal }));
        } catch (thrown) {
          if (statusOf(thrown) === 404) return undefined;
          throw toStorageError(thrown);
        }
      },

      async query(filter, limit = Number.POSITIVE_INFINITY, select) {
        try {
          return await ask(async (table, abortSignal) => {
            const found: Entity[] = [];
            const pages = table
              .listEntities({ queryOptions: { filter, ...(select !== undefined && { select }) }, abortSignal })
              .byPage({ maxPageSize: Math.min(limit, 1000) });
            for await (const page of pages) {
              found.push(...(page as Entity[]));
              if (found.length >= limit) break;
            }
            return found.slice(0, limit);
          });
        } catch (thrown) {
          throw toStorageError(thrown);
        }
      },

      async change(actions) {
        try {
          const { subResponses } = await ask((table, abortSignal) =>
            table.submitTransaction([...actions], { abortSignal }),
          );
          return subResponses.map(({ etag }) => etag);
        } catch (thrown) {
          const status = statusOf(thrown);
          if (status === 404 || status === 409 || status === 412) return undefined;
          throw toStorageError(thrown);
        }
      },

      async remove(partitionKey, rowKey, etag) {
        try {
          await ask((table, abortSignal) => table.deleteEntity(partitionKey, rowKey, { etag, abortSignal }));
          return true;
        } catch (thrown) {
          const status = statusOf(thrown);
          if (status === 404 || status === 412) return false;
          throw toStorageError(thrown);
        }
      },
    };
  };
}

function isTableMissing(thrown: unknown): boolean {
  if (statusOf(thrown) !== 404 || !(thrown instanceof Error)) return false;
  const details = 'details' in thrown ? JSON.stringify(thrown.details) : '';
  const code = 'code' in thrown ? String(thrown.code) : '';
  return code === 'TableNotFound' || `${details}${thrown.message}`.includes('TableNotFound');
}
