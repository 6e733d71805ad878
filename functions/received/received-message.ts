import { hashKey, recordId } from '../shared/ids.ts';
import type { MailFlags } from './parse-mime.ts';

/** One mail read from an incoming server, as the ledger has it. Its bytes are in the blob. Times are ISO 8601. */
export interface ReceivedMessage {
  readonly id: string;
  readonly incomingServer: string;
  readonly status: 'received' | 'parked';
  readonly mailbox: string;
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
  readonly blob: string;
  /** Octets. */
  readonly size: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId?: string | undefined;
  readonly flags: MailFlags;
  /** When it arrived in the mailbox. */
  readonly createdAt: string;
  /** When we read it. */
  readonly fetchedAt: string;
}

/**
 * The id of a mail: always the same for the same place in the same mailbox, so that reading it twice makes one row, one
 * blob and one event.
 */
export function receivedIdOf(
  incomingServer: string,
  folder: string,
  uidValidity: number,
  uid: number,
  arrived: Date,
): string {
  return recordId('rcv', incomingServer, arrived, hashKey(`${folder}\n${uidValidity}\n${uid}`));
}

/** The name of the blob that has the bytes: made of the same facts, so that writing twice is the same. */
export function rawNameOf(incomingServer: string, folder: string, uidValidity: number, uid: number): string {
  return `received/${incomingServer}/${hashKey(folder)}/${uidValidity}/${uid}.eml`;
}
