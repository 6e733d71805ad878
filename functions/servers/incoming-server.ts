import type { GatewayEvent } from '../events/event.ts';
import type { UidRanges } from '../received/uid-ranges.ts';
import type { Cause } from '../shared/errors.ts';
import { withChanges } from '../shared/with-changes.ts';
import type { Authentication } from './authentication.ts';
import type { IncomingRule } from './incoming-rule.ts';
import type { MailServer } from './mail-login.ts';

/** What becomes of a mail in the mailbox once it is kept and its deliveries are queued. */
export type AfterFetch = 'none' | 'seen' | { readonly move: string };

/** More mail of one sender than this, in so many minutes, is taken for a loop; but never that of `except` (address patterns). */
export interface LoopLimit {
  readonly messages: number;
  readonly minutes: number;
  readonly except: readonly string[];
}

/** The recent mail of one sender. */
export interface SenderCount {
  /** A hash of the address. */
  readonly sender: string;
  /** When each arrived, in minutes since 1970; the oldest first. */
  readonly arrivals: readonly number[];
  /** When it was last told that this sender may be in a loop, likewise. */
  readonly toldAt?: number;
}

/** A mailbox to read, and where its mail goes. */
export interface IncomingServer extends MailServer, Authentication {
  readonly id: string;
  readonly name: string;
  /** Only a confirmed server is read; it is confirmed by a test that passed, and disabled when it has failed for days. */
  readonly state: 'draft' | 'confirmed' | 'disabled';
  /** The mailbox to open; it may be a shared one the account has rights to. With a password it is the username. */
  readonly mailbox: string;
  readonly folders: readonly string[];
  /** Minutes between two looks. */
  readonly every: number;
  /** A folder that is met for the first time begins with mail that arrived since then; left out: with what arrives next. ISO 8601. */
  readonly since?: string;
  /** Days after which received mail is forgotten; null or left out: never. */
  readonly keepRawDays?: number | null;
  /** Left out: `none`. */
  readonly afterFetch?: AfterFetch;
  /** Where mail goes that no rule takes. */
  readonly destinations: readonly string[];
  /** In their order: the first that takes a mail says what becomes of it. */
  readonly rules?: readonly IncomingRule[];
  /** Left out or null: there is none. */
  readonly loopGuard?: LoopLimit | null;
  /** Where the reading of its folders begins: how they stood when the server was first confirmed. */
  readonly starts?: readonly FolderCursor[];
  readonly createdAt: string;
  /** When it was confirmed last, ISO 8601. */
  readonly confirmedAt?: string;
  /** What has yet to be told of it. */
  readonly untold?: GatewayEvent;
}

/** How far a folder has been read. Times are ISO 8601. */
export interface FolderCursor {
  readonly folder: string;
  readonly uidValidity: number;
  /** Everything up to this UID is safe in our storage, all but what was skipped. */
  readonly lastUid: number;
  /** Mail from then on is read. */
  readonly begunAt: string;
  /** Nothing up to the last UID arrived in the mailbox later than this. */
  readonly lastArrival: string;
  /**
   * The past of the folder is being read, because its UIDs have started anew or its server wants it: up to this UID, of
   * mail that arrived since then. It may be known already.
   */
  readonly again?: { readonly upTo: number; readonly since: string };
  /** Mail up to this UID was there before and is none of ours. Left out: nobody knows, it may be all that was read. */
  readonly startUid?: number;
  /** The same as `again`, kept when the past has been read: what arrived earlier is none of ours. */
  readonly past?: { readonly upTo: number; readonly since: string };
  /** Mail that was met again when the UIDs had started anew: the ledger has it under UIDs of before. */
  readonly known?: UidRanges;
  /** UIDs of mail that is yet to be marked or moved, oldest first. */
  readonly unsettled?: readonly number[];
  /** Mail that could not be read although the mail around it could; it is tried again. */
  readonly skipped?: readonly SkippedMail[];
  /** The mail over which the connection broke, and how often in a row: nothing after it has been read. */
  readonly stuck?: { readonly uid: number; readonly times: number };
  /** What its loop guard has counted. */
  readonly senders?: readonly SenderCount[];
}

export interface SkippedMail {
  readonly uid: number;
  /** Octets, as the server says. */
  readonly size: number;
  readonly arrivedAt: string;
  readonly tries: number;
  readonly nextTryAt: string;
}

/** What reading a mailbox has come to. Written by its reader alone. */
export interface IncomingState {
  /** The place the cursors are of. */
  readonly place: string;
  readonly cursors: readonly FolderCursor[];
  readonly lastFetchAt?: string;
  readonly lastError?: Cause;
  /** In a row. */
  readonly failures: number;
  /** When the first of them was. */
  readonly failingSince?: string;
  /** Since when they are the server's own, and not its account's or ours. */
  readonly ownFailuresSince?: string;
  readonly nextFetchAt?: string;
}

/**
 * The place a server reads. Another mailbox or host has UIDs of its own, and may well have the same UIDVALIDITY: what is
 * kept by UIDs of one place means nothing in another.
 */
export function placeOf({ host, mailbox }: Pick<IncomingServer, 'host' | 'mailbox'>): string {
  return `${host}/${mailbox}`.toLowerCase();
}

export function afterFetchOf({ afterFetch }: IncomingServer): AfterFetch {
  return afterFetch ?? 'none';
}

const tested = ['account', 'mailbox', 'host', 'port', 'encryption'] as const;

/**
 * A server with some of its fields changed. What its test had tried makes it a draft when it changes; in another place
 * its reading begins anew.
 */
export function changedIncomingServer(
  server: IncomingServer,
  changes: { readonly [K in keyof IncomingServer]?: IncomingServer[K] | undefined },
): IncomingServer {
  const changed = withChanges(server, changes);
  const { starts, ...begun } = changed;
  const sameStart = starts !== undefined && placeOf(server) === placeOf(changed) ? { starts } : {};
  const isTested = tested.every((field) => server[field] === changed[field]);
  return { ...begun, ...sameStart, ...(!isTested && { state: 'draft' as const }) };
}
