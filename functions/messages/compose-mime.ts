import type { Readable } from 'node:stream';
import type { Mailbox } from '../shared/address.ts';

export interface AttachmentPart {
  readonly filename: string;
  readonly contentType?: string | undefined;
  readonly content: Uint8Array;
  readonly contentId?: string | undefined;
  readonly disposition?: 'attachment' | 'inline' | undefined;
}

/** An attachment that comes while the message is written. */
export type AttachmentStream = Omit<AttachmentPart, 'content'> & { readonly content: Readable };

/** A message in parts, every value already checked. Bcc is not among them: it belongs to the envelope alone. */
export interface MimeParts {
  readonly messageId: string;
  readonly date: Date;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly attachments: readonly AttachmentPart[];
  readonly inReplyTo?: string | undefined;
  readonly references: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes the message as RFC 5322 and MIME, lines ended by CRLF. */
export type ComposeMime = (parts: MimeParts) => Promise<Uint8Array>;

/**
 * Writes the same as a stream, with files that follow each other: each is read when its place in the message has come. The
 * same parts and files give the same octets. Files with a Content-ID stand beside the HTML when they come before the others.
 */
export type ComposeMimeStream = (
  parts: Omit<MimeParts, 'attachments'>,
  files: AsyncGenerator<AttachmentStream>,
) => AsyncIterable<Uint8Array>;
