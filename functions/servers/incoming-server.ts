import type { Cause } from '../shared/errors.ts';
import type { Encryption } from './mail-login.ts';

/** A mailbox to read, and where its mail goes. */
export interface IncomingServer {
  readonly id: string;
  readonly name: string;
  /** Only a confirmed server is read; it is confirmed by a test that passed. */
  readonly state: 'draft' | 'confirmed' | 'disabled';
  readonly account: string;
  /** The mailbox to open; it may be a shared one the account has rights to. */
  readonly mailbox: string;
  readonly host: string;
  readonly port: number;
  readonly encryption: Exclude<Encryption, 'none'>;
  readonly folders: readonly string[];
  /** Minutes between two looks. */
  readonly every: number;
  readonly destinations: readonly string[];
  readonly createdAt: string;
}

/** How far a folder has been read. */
export interface FolderCursor {
  readonly uidValidity: number;
  /** Everything up to this UID is safe in our storage. */
  readonly lastUid: number;
}

/** What reading a mailbox has come to. Written by its reader alone. */
export interface IncomingState {
  /** By folder. */
  readonly cursors: Readonly<Record<string, FolderCursor>>;
  readonly lastFetchAt?: string;
  readonly lastError?: Cause;
  readonly failures: number;
  readonly nextFetchAt?: string;
}
