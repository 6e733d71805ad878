import type { Ledger, LedgerEntry } from '../received/ledger.ts';
import type { ReceivedMessage } from '../received/received-message.ts';
import { keyOf } from '../shared/ids.ts';
import type { Table } from './tables.ts';

const pageSize = 1_000;

/** What rows of the ledger show besides their JSON, so that they can be counted without reading it. */
export function ledgerColumns({ blob, createdAt }: ReceivedMessage): Record<string, string> {
  return { blob, createdAt };
}

/** The ledger's table, of which only the columns are asked for: a page of them is a hundredth of the rows. */
export function createTableLedger(table: Table): Ledger {
  return {
    async *entries(incomingServer) {
      const partition = `PartitionKey eq '${keyOf(incomingServer)}'`;
      const select = ['rowKey', 'status', ...(['blob', 'createdAt'] satisfies (keyof LedgerEntry)[])];
      for (let last = 'rec!'; ;) {
        const rows = await table.query(`${partition} and RowKey gt '${last}' and RowKey lt 'rec!~'`, pageSize, select);
        yield rows.map(({ blob, status, createdAt }) => ({ blob, status, createdAt }) as LedgerEntry);
        if (rows.length < pageSize) return;
        last = String(rows.at(-1)?.rowKey);
      }
    },
  };
}
