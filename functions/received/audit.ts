import type { Cause } from '../shared/errors.ts';

/** Mail by its UIDs: how many, and the lowest of them as examples. */
export interface UidList {
  readonly count: number;
  readonly uids: readonly number[];
}

/** What a folder has and what the ledger has of it, from where its reading began. */
export interface FolderAudit {
  readonly folder: string;
  readonly uidValidity?: number;
  readonly inMailbox: number;
  readonly inLedger: number;
  /** Of those in the mailbox, so many are in the ledger under UIDs of before. */
  readonly known: number;
  /** In the mailbox and passed by the reader, but not in the ledger. */
  readonly missing: UidList;
  /** In the mailbox and yet to be read, or to be tried again. */
  readonly waiting: UidList;
  /** In the ledger, and no longer in the mailbox. */
  readonly gone: UidList;
  /** In the ledger twice, or although they were there before reading began. */
  readonly extra: UidList;
  /** In the ledger, but not delivered by themselves. */
  readonly parked: UidList;
  /** Why the folder could not be looked at. */
  readonly cause?: Cause;
}

/** A mailbox compared with the ledger. */
export interface Audit {
  /** ISO 8601. */
  readonly at: string;
  /** Mail that is missing in all folders. */
  readonly missing: number;
  /** Missing mail that is read again with the next look. */
  readonly repaired: number;
  readonly folders: readonly FolderAudit[];
}

const examples = 20;

export function uidListOf(uids: Iterable<number>): UidList {
  const all = [...uids].sort((one, other) => one - other);
  return { count: all.length, uids: all.slice(0, examples) };
}
