import type { Entity, Table } from './tables.ts';

/**
 * The rows of a partition that have these keys, by key. Storage finds a range of keys faster than several single ones, and
 * takes no more than 15 comparisons, so all between the first and the last is read.
 * https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities
 */
export async function rowsAmong(
  table: Table,
  partition: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Entity>> {
  const wanted = new Set(keys);
  const [first, ...others] = [...wanted].sort();
  if (first === undefined) return new Map();
  const last = others.at(-1);
  const found =
    last === undefined
      ? [await table.get(partition, first)].filter((entity) => entity !== undefined)
      : await table.query(`PartitionKey eq '${partition}' and RowKey ge '${first}' and RowKey le '${last}'`);
  return new Map(
    found.filter(({ rowKey = '' }) => wanted.has(rowKey)).map((entity) => [String(entity.rowKey), entity]),
  );
}
