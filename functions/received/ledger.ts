import type { ReceivedMessage } from './received-message.ts';

/** A row of the ledger, by what tells where its mail lies in the mailbox. */
export type LedgerEntry = Pick<ReceivedMessage, 'blob' | 'status' | 'createdAt'>;

/** The ledger in short, for counting. */
export interface Ledger {
  /** All that a server has received, newest first, page by page. */
  entries(incomingServer: string): AsyncIterable<readonly LedgerEntry[]>;
}

/** What the ledger has of a folder, by UID. */
export interface FolderRows {
  /** When each mail arrived, ISO 8601. */
  readonly arrivals: Map<number, string>;
  readonly twice: Set<number>;
  readonly parked: Set<number>;
}

/** Reads what the ledger has of some folders, each named by what all its blobs begin with. */
export async function readRows(
  incomingServer: string,
  folders: readonly string[],
  ledger: Ledger,
): Promise<ReadonlyMap<string, FolderRows>> {
  const rows = new Map(
    folders.map((folder): [string, FolderRows] => [
      folder,
      { arrivals: new Map(), twice: new Set(), parked: new Set() },
    ]),
  );
  for await (const page of ledger.entries(incomingServer)) {
    for (const { blob, status, createdAt } of page) {
      const end = blob.lastIndexOf('/') + 1;
      const found = rows.get(blob.slice(0, end));
      const uid = Number.parseInt(blob.slice(end), 10);
      if (found?.arrivals.has(uid) === true) found.twice.add(uid);
      found?.arrivals.set(uid, createdAt);
      if (status === 'parked') found?.parked.add(uid);
    }
  }
  return rows;
}
