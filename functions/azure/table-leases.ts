import type { Leases } from '../shared/lease.ts';
import { takeLeaseRow } from './lease-row.ts';
import type { Table } from './tables.ts';

const partitionKey = 'lease';

/** Leases kept as rows of their own, which go when they are dropped: some are of things that never come again. */
export function createTableLeases(table: Table): Leases {
  return {
    async take(rowKey) {
      const seen = await table.get(partitionKey, rowKey);
      const row = (await takeLeaseRow(table, { partitionKey, rowKey }, seen))?.row;
      if (row === undefined) return undefined;
      return {
        signal: row.signal,
        release: (beforehand) => row.release({}, beforehand),
        drop: () => row.remove(),
      };
    },
  };
}
