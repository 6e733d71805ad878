import type { Entity, Table } from './tables.ts';

/**
 * The rows of a partition that have these keys, by key. Storage finds a range of keys faster than several single ones, and
 * takes no more than 15 comparisons, so all between the first and the last is read.
 * https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities
 * @param limit of rows that are read there; those of the keys that are not among them are read by themselves
 */
export async function rowsAmong(
  table: Table,
  partition: string,
  keys: readonly string[],
  limit = Number.POSITIVE_INFINITY,
): Promise<ReadonlyMap<string, Entity>> {
  const wanted = new Set(keys);
  const [first, ...others] = [...wanted].sort();
  const last = others.at(-1);
  const between = `PartitionKey eq '${partition}' and RowKey ge '${first}' and RowKey le '${last}'`;
  const read = last === undefined ? [] : await table.query(between, limit);
  const found = new Map(read.map((entity) => [String(entity.rowKey), entity]));
  const left = last !== undefined && read.length < limit ? [] : [...wanted].filter((key) => !found.has(key));
  for (const entity of await Promise.all(left.map((key) => table.get(partition, key)))) {
    if (entity !== undefined) found.set(String(entity.rowKey), entity);
  }
  for (const key of found.keys()) if (!wanted.has(key)) found.delete(key);
  return found;
}
