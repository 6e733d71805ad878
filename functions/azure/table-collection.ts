import type { Among, Collection, Passing, Recent, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { fromRow, toRow } from './row.ts';
import { rowsAmong } from './rows-among.ts';
import type { Entity, Table } from './tables.ts';

const recentFor = 1_000;
/** What a transaction takes. */
const removedAtOnce = 100;

/** A collection kept in one partition of a table. */
export function createTableCollection<T>(table: Table, kind: string): Collection<T> & Among<T> & Recent<T> & Passing {
  let known: { readonly all: Promise<Stored<T>[]>; readonly at: number } | undefined;
  const stored = (entity: Entity): Stored<T> => ({ value: fromRow(entity) as T, etag: entity.etag });
  const row = (id: string, value: T): { partitionKey: string; rowKey: string } => ({
    partitionKey: kind,
    rowKey: id,
    ...toRow(value),
  });

  async function list(): Promise<Stored<T>[]> {
    return (await table.query(`PartitionKey eq '${kind}'`)).map(stored);
  }

  /** Makes a change, after which nothing is known that was read before it or meanwhile. */
  async function change<R>(make: () => Promise<R>): Promise<R> {
    try {
      return await make();
    } finally {
      known = undefined;
    }
  }

  return {
    async get(id) {
      const entity = await table.get(kind, id);
      return entity && stored(entity);
    },

    async among(ids) {
      const rows = await rowsAmong(table, kind, ids);
      return new Map([...rows].map(([id, entity]) => [id, stored(entity)]));
    },

    list,

    recent() {
      const now = performance.now();
      if (known === undefined || now - known.at > recentFor) {
        const asked = { all: list(), at: now };
        asked.all.catch(() => {
          if (known === asked) known = undefined;
        });
        known = asked;
      }
      return known.all;
    },

    async add(id, value) {
      const etags = await change(() => table.change([['create', row(id, value)]]));
      if (etags === undefined) throw new GatewayError('conflict', `${id} exists already.`);
      return { value, etag: etags[0] ?? '' };
    },

    async replace(id, value, etag) {
      const etags = await change(() => table.change([['update', row(id, value), 'Replace', { etag }]]));
      if (etags === undefined)
        throw new GatewayError('precondition-failed', `${id} was changed or removed in the meantime.`);
      return { value, etag: etags[0] ?? '' };
    },

    async removeOlder(than, prefix) {
      const begins = `RowKey ge '${prefix}' and RowKey lt '${prefix}~'`;
      const filter = `PartitionKey eq '${kind}' and ${begins} and Timestamp lt datetime'${than.toISOString()}'`;
      const old = await table.query(filter, removedAtOnce);
      if (old.length === 0) return 0;
      const gone = await change(() =>
        table.change(old.map(({ rowKey }) => ['delete', { partitionKey: kind, rowKey: String(rowKey) }])),
      );
      return gone?.length ?? 0;
    },

    remove: (id, etag) => change(() => table.remove(kind, id, etag)),
  };
}
