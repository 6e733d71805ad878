import type { DeliveryReport } from './delivery-report.ts';
import type { Mailbox } from '../shared/address.ts';

/** The headers everything else needs; fields that are missing or unreadable are left out or empty. */
export interface MailHeaders {
  /** With its angle brackets, as everywhere in Postern. */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references: readonly string[];
  readonly from?: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** Everybody any header says it is for, each once: To and Cc, and what servers note of aliases. */
  readonly recipients: readonly string[];
  readonly replyTo: readonly Mailbox[];
  readonly subject: string;
  /** ISO 8601. */
  readonly date?: string;
  readonly flags: MailFlags;
}

export interface MailFlags {
  readonly autoReply: boolean;
  readonly bounce: boolean;
  readonly list: boolean;
  readonly readReceipt: boolean;
}

export interface MailAttachment {
  readonly filename: string;
  readonly contentType: string;
  /** Octets, decoded. */
  readonly size: number;
  readonly contentId?: string;
  readonly disposition: 'attachment' | 'inline';
  /** Decoded when it is asked for, where the message is large. */
  readonly content: Uint8Array;
}

/** A mail without what is in it. */
export interface MailFacts extends MailHeaders {
  /** What is not shown of it, and why; left out: all is. */
  readonly incomplete?: string;
  /** Nothing but its headers was read, for it goes beyond the bounds of what is mail. */
  readonly isHostile?: true;
}

export interface ParsedMail extends MailFacts {
  readonly text: string;
  readonly html?: string;
  readonly attachments: readonly MailAttachment[];
}

/** The parser of mail as it comes: never throws on bad mail, bounded in parts and depth. */
export interface MimeParser {
  /** Reads a message. */
  parse(raw: Uint8Array): Promise<ParsedMail>;
  /** Reads the headers alone; `head` may end anywhere after them. */
  parseHeaders(head: Uint8Array): Promise<MailHeaders>;
  /** HTML that shows what a mail says and can do nothing; of very long HTML the beginning. */
  safeHtml(html: string): Promise<string>;
  /** Reads what a delivery status notification says; `raw` may be cut off. Undefined when it is none. */
  parseReport(raw: Uint8Array): Promise<DeliveryReport | undefined>;
}
