import type { Readable } from 'node:stream';
import type { MailLogin } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';

/** A folder as the server shows it on opening (RFC 3501 2.3.1.1). */
export interface FolderState {
  /** Changes when the folder's UIDs have started anew. */
  readonly uidValidity: number;
  /** The UID the next arriving message will get at the least. */
  readonly uidNext: number;
}

/** A folder whose UIDs are known. */
export interface KnownFolder {
  readonly folder: string;
  readonly uidValidity: number;
}

/** What a special folder is for (RFC 6154); `inbox` is always there. */
export const folderUses = ['inbox', 'sent', 'drafts', 'junk', 'trash', 'archive', 'all', 'flagged'] as const;

/** A folder of a mailbox. */
export interface MailFolder {
  /** As an incoming server names it: in the mailbox's language, the levels apart by the server's separator. */
  readonly name: string;
  readonly use?: (typeof folderUses)[number];
}

export interface MessageInfo {
  readonly uid: number;
  /** Octets. */
  readonly size: number;
  /** When it arrived in the folder; never changes for a UID. */
  readonly internalDate: Date;
}

/** A message as it was filed when it was sent. */
export interface SentCopy {
  /** The Message-ID it has there; left out: none that could be read. */
  readonly messageId?: string;
}

/** One authenticated connection to a mailbox. All methods throw GatewayError (`mail-server-busy`, `mail-server-unreachable`, ...). */
export interface MailboxSession {
  /** Opens a folder read-only. @throws GatewayError `folder-not-found`, `mailbox-not-opened` */
  open(folder: string): Promise<FolderState>;
  /** The next messages after a UID, oldest first, at most `limit`. */
  after(uid: number, limit: number): Promise<MessageInfo[]>;
  /** A UID before which nothing arrived later than this; undefined when nothing did at all. */
  firstSince(time: Date): Promise<number | undefined>;
  /** The UIDs of a range that are there; of those that arrived since a time at the least, to the day. */
  uids(first: number, last: number, since?: Date): Promise<number[]>;
  /** What is known of messages; those that are gone are left out. */
  infos(uids: readonly number[]): Promise<MessageInfo[]>;
  /** The whole messages in one go, one after the other in the order the server sends them, without touching their flags. */
  read(uids: readonly number[], take: (uid: number, raw: Uint8Array) => Promise<void>): Promise<void>;
  /** One large message, streamed, without touching its flags. @throws GatewayError `not-found` when it is gone */
  stream(uid: number): Promise<Readable>;
  /**
   * Marks messages as seen. Those that are gone are left out.
   * @throws GatewayError `mail-server-busy` also when it is not allowed, or when the UIDs have started anew
   */
  markSeen(where: KnownFolder, uids: readonly number[]): Promise<void>;
  /** Moves messages to another folder, likewise. @throws GatewayError also `folder-not-found` */
  move(where: KnownFolder, uids: readonly number[], target: string): Promise<void>;
  /** The message with this Message-ID (or Exchange's note of it, `X-Microsoft-Original-Message-ID`) in the folder for sent mail. */
  findSent(messageId: string): Promise<SentCopy | undefined>;
  /** The folders that can be read, at most `limit`. */
  folders(limit: number): Promise<MailFolder[]>;
  /** Logs out and closes; never throws, waits for nothing. */
  close(): Promise<void>;
}

/**
 * Connects and logs in.
 * @throws GatewayError `mail-server-unreachable`, `mail-server-untrusted`, `mail-server-busy`, `mail-login-refused`,
 *   `mailbox-not-opened`
 */
export type OpenMailbox = (login: MailLogin, call: Call) => Promise<MailboxSession>;
