import type { Leases } from '../shared/lease.ts';
import { takeLeaseRow } from './lease-row.ts';
import type { Table } from './tables.ts';

const partitionKey = 'lease';

/** Leases kept as rows of their own. */
export function createTableLeases(table: Table): Leases {
  return {
    async take(rowKey) {
      const seen = await table.get(partitionKey, rowKey);
      const row = (await takeLeaseRow(table, { partitionKey, rowKey }, seen))?.row;
      if (row === undefined) return undefined;
      return {
        signal: row.signal,
        release: (beforehand) => row.release({}, beforehand),
        drop: () => row.drop({}),
      };
    },
  };
}
