import type { PassingStates } from '../shared/collection.ts';
import { fromRow, toRow } from './row.ts';
import type { Table } from './tables.ts';

/** States kept in one partition of a table. */
export function createTableStates<T>(table: Table, kind: string): PassingStates<T> {
  return {
    async get(id) {
      const entity = await table.get(kind, id);
      return entity && (fromRow(entity) as T);
    },

    async list() {
      const entities = await table.query(`PartitionKey eq '${kind}'`);
      return new Map(entities.map((entity) => [String(entity.rowKey), fromRow(entity) as T]));
    },

    async put(id, state) {
      await table.change([['upsert', { partitionKey: kind, rowKey: id, ...toRow(state) }, 'Replace']]);
    },

    async removeIf(id, isOver) {
      const entity = await table.get(kind, id);
      if (entity !== undefined && isOver(fromRow(entity) as T)) await table.remove(kind, id, entity.etag);
    },
  };
}
