import type { Cause } from '../shared/errors.ts';
import { hashKey, newestFirst, recordId } from '../shared/ids.ts';
import { smallMail } from '../shared/raw-mail.ts';
import type { ReportedRecipient } from './delivery-report.ts';
import type { MailFlags } from './parse-mime.ts';

/** One mail read from an incoming server, as the ledger has it, without its bytes. Times are ISO 8601. */
export interface ReceivedMessage {
  readonly id: string;
  readonly incomingServer: string;
  /** `parked`: kept, and not delivered until somebody says so, see `reason`. `dropped`: kept, and never delivered by itself. */
  readonly status: ReceivedStatus;
  /** Why it is parked, or was before it was dropped by hand. */
  readonly reason?: ParkedReason;
  /** The rule of its server that took it: its name, or `rule 2`. */
  readonly rule?: string;
  /** Where that rule delivers it; left out: where its server says. */
  readonly destinations?: readonly string[];
  readonly mailbox: string;
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
  /** The name of its bytes, see rawNameOf. */
  readonly blob: string;
  /** Octets. */
  readonly size: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId?: string | undefined;
  readonly flags: MailFlags;
  /** The id of the message that it answers, where that was sent through here. */
  readonly answers?: string;
  /** What it reports, when it is a delivery status notification. */
  readonly bounce?: Bounce;
  /** When it arrived in the mailbox. */
  readonly createdAt: string;
  /** When we read it, or gave up reading it. */
  readonly fetchedAt: string;
  readonly cause?: Cause;
}

export const receivedStatuses = ['received', 'parked', 'dropped'] as const;
export type ReceivedStatus = (typeof receivedStatuses)[number];

export const parkedReasons = ['unreadable', 'hostile', 'rule', 'loop'] as const;

/** Why a mail is parked: it could not be read from the mailbox, or not taken apart, or a rule or the loop guard says so. */
export interface ParkedReason {
  readonly kind: (typeof parkedReasons)[number];
  /** A sentence for people. */
  readonly detail: string;
}

/** Whether its bytes were read from the mailbox. */
export function wasRead(row: Pick<ReceivedMessage, 'status' | 'reason'>): boolean {
  return reasonOf(row)?.kind !== 'unreadable';
}

/** A mail that somebody has delivered after all. */
export function asReceived({ reason, ...row }: ReceivedMessage): ReceivedMessage {
  return { ...row, status: 'received' };
}

/** A mail that somebody has looked at, and nobody wants. Why it was parked stays with it. */
export function asDropped(row: ReceivedMessage): ReceivedMessage {
  const reason = reasonOf(row);
  return { ...row, ...(reason !== undefined && { reason }), status: 'dropped' };
}

/** Rows from before there were reasons are parked because they could not be read. */
function reasonOf({ status, reason }: Pick<ReceivedMessage, 'status' | 'reason'>): ParkedReason | undefined {
  if (reason !== undefined || status !== 'parked') return reason;
  return { kind: 'unreadable', detail: 'It could not be read from the mailbox.' };
}

/** What became of a message that was sent. */
export interface Bounce {
  /** The id of the message; left out when it was not sent through here. */
  readonly message?: string;
  readonly recipients: readonly ReportedRecipient[];
}

/** Where a mail lies: server, mailbox, folder, and the UID it has there. */
export interface MailPlace {
  readonly incomingServer: string;
  /** See placeOf. */
  readonly place: string;
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
}

/**
 * The id of a mail: always the same for the same place in the same mailbox, so that reading it twice makes one row, one
 * blob and one event. Servers tell arrivals to the second; within one, the higher UID is the newer mail.
 */
export function receivedIdOf({ incomingServer, ...where }: MailPlace, arrived: Date): string {
  const { place, folder, uidValidity, uid } = where;
  const order = newestFirst(new Date(uid)).slice(-4);
  const rest = hashKey([place, folder, uidValidity, uid].join('\n')).slice(0, 6);
  return recordId('rcv', incomingServer, arrived, order + rest);
}

/**
 * The name under which the bytes are kept: made of the same facts, so that writing twice is the same.
 * @param size octets, as they were read
 */
export function rawNameOf({ uid, ...where }: MailPlace, size: number): string {
  return `${rawNamesOf(where)}${uid}.${size > smallMail ? 'eml' : 'row'}`;
}

/** What the names of all mail of a folder begin with. */
export function rawNamesOf({ incomingServer, place, folder, uidValidity }: Omit<MailPlace, 'uid'>): string {
  return `received/${incomingServer}/${hashKey(`${place}\n${folder}`)}/${uidValidity}/`;
}
