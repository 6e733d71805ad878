import type { Mailbox } from '../shared/address.ts';

/** A message that is written already: what its header says, and the rest still to come. */
export interface RawMessage {
  readonly from: Mailbox | undefined;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[] | undefined;
  readonly subject: string;
  /** With its angle brackets. */
  readonly messageId: string | undefined;
  /**
   * The message with what it must have and without what it must not: a Message-ID and a Date where it has none, the From
   * that is to be shown, a Reply-To where it has none, no Bcc, and every line ended by CRLF. All else stays octet by octet.
   */
  write(changes: RawChanges): AsyncIterable<Uint8Array>;
}

export interface RawChanges {
  readonly messageId: string;
  readonly date: Date;
  /** Left out: the From stays as it is written. */
  readonly from?: Mailbox | undefined;
  readonly replyTo?: Mailbox | undefined;
}

/**
 * Reads the header of a message (at most 256 KiB) and what it says.
 * @throws GatewayError `request-invalid` when it is no header, has more than one From, or addresses that are none
 */
export type OpenRawMessage = (content: AsyncIterable<Uint8Array>) => Promise<RawMessage>;
