import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { fromRow, toRow } from './row.ts';
import type { Entity, Table } from './tables.ts';

/** A collection kept in one partition of a table. */
export function createTableCollection<T>(table: Table, kind: string): Collection<T> {
  const stored = (entity: Entity): Stored<T> => ({ value: fromRow(entity) as T, etag: entity.etag });
  const row = (id: string, value: T): { partitionKey: string; rowKey: string } => ({
    partitionKey: kind,
    rowKey: id,
    ...toRow(value),
  });

  return {
    async get(id) {
      const entity = await table.get(kind, id);
      return entity && stored(entity);
    },

    async list() {
      return (await table.query(`PartitionKey eq '${kind}'`)).map(stored);
    },

    async add(id, value) {
      const etags = await table.change([['create', row(id, value)]]);
      if (etags === undefined) throw new GatewayError('conflict', `${id} exists already.`);
      return { value, etag: etags[0] ?? '' };
    },

    async replace(id, value, etag) {
      const etags = await table.change([['update', row(id, value), 'Replace', { etag }]]);
      if (etags === undefined)
        throw new GatewayError('precondition-failed', `${id} was changed or removed in the meantime.`);
      return { value, etag: etags[0] ?? '' };
    },

    remove: (id, etag) => table.remove(kind, id, etag),
  };
}
