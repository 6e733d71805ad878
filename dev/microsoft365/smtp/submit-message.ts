import { randomUUID } from 'node:crypto';
import type { Circumstances } from '../circumstances.ts';
import type { Directory, User } from '../directory.ts';
import type { FileCopies } from '../mailboxes/copies.ts';
import type { Mailbox } from '../mailboxes/mailbox.ts';
import { readHeader } from './message-header.ts';
import { createNonDeliveryReport, smtpDate } from './non-delivery-report.ts';

export interface Envelope {
  from: string;
  to: readonly string[];
}

/** Mail to somewhere else, which never leaves this machine. */
export interface OutsideMail {
  envelope: Envelope;
  raw: Buffer;
}

/** A message as a client handed it in. */
export interface Submission {
  /** Who signed in. */
  sender: string;
  /** The user who signed in; undefined for an application, which may send as its `sender` only. */
  user: User | undefined;
  envelope: Envelope;
  raw: Buffer;
  /** What the client called itself in EHLO. */
  clientName: string;
}

/** A message is refused: `message` is the SMTP reply. */
export class SubmissionRefused extends Error {
  constructor(reply: string) {
    super(reply);
    this.name = 'SubmissionRefused';
  }
}

export interface MailRoom {
  circumstances: Circumstances;
  directory: Directory;
  mailboxOf(address: string): Mailbox | undefined;
  fileCopies: FileCopies;
  outside: OutsideMail[];
}

/**
 * Files a message where it belongs, as Exchange does: every local recipient's INBOX, the sender's Sent Items, and for a
 * local recipient that does not exist a report to the envelope's sender. Everything is on disk when this returns.
 *
 * @returns the Message-ID
 * @throws SubmissionRefused when the user may not send as this envelope sender or From
 */
export function submitMessage(room: MailRoom, { sender, user, envelope, raw, clientName }: Submission): string {
  if (room.circumstances.hold('no licence', sender)) {
    throw new SubmissionRefused('550 5.2.253 STOREDRV.Submission; the mailbox has no licence');
  }
  for (const from of [envelope.from, ...readHeader(raw).addresses('From')]) {
    const isAllowed = user ? room.directory.maySendAs(user, from) : from.toLowerCase() === sender.toLowerCase();
    if (!isAllowed || room.circumstances.hold('may not send as', from)) {
      throw new SubmissionRefused(
        `554 5.2.252 SendAsDenied; ${sender} not allowed to send as ${from}; STOREDRV.Submission.Exception:SendAsDeniedException`,
      );
    }
  }

  const { messageId, message } = identified(raw, user);
  const received = `Received: from ${clientName} by localhost with ESMTPSA; ${smtpDate(new Date())}`;
  const withoutBcc = readHeader(message).rewritten([], 'Bcc');
  const delivered = readHeader(withoutBcc).rewritten([`Return-Path: <${envelope.from}>`, received]);

  const local = envelope.to.filter((address) => room.directory.isLocal(address));
  const mailboxes = new Set(local.map((address) => room.mailboxOf(address)).filter((mailbox) => mailbox !== undefined));
  const reports = local
    .filter((address) => room.mailboxOf(address) === undefined)
    .map((recipient) => createNonDeliveryReport(envelope.from, recipient, withoutBcc));
  const reported = room.mailboxOf(envelope.from);
  const own = room.mailboxOf(sender);
  room.fileCopies([
    ...[...mailboxes].map((mailbox) => ({ mailbox, path: 'INBOX', raw: delivered })),
    ...(reported ? reports.map((report) => ({ mailbox: reported, path: 'INBOX', raw: report })) : []),
    // With its Bcc: the sender may know.
    ...(own ? [{ mailbox: own, path: 'Sent Items', raw: message, flags: ['\\Seen'] }] : []),
  ]);
  const elsewhere = envelope.to.filter((address) => !room.directory.isLocal(address));
  if (elsewhere.length > 0) {
    room.outside.push({ envelope: { from: envelope.from, to: elsewhere }, raw: withoutBcc });
  }
  return messageId;
}

/** The message with the Message-ID it is filed under: its own, or a new one where it has none or may not keep it. */
function identified(raw: Buffer, user: User | undefined) {
  const header = readHeader(raw);
  const own = header.value('Message-ID');
  if (own !== undefined && user?.messageIds !== 'replaced') return { messageId: own, message: raw };
  const messageId = `<${randomUUID()}@localhost>`;
  const original = own === undefined ? [] : [`X-Microsoft-Original-Message-ID: ${own}`];
  return { messageId, message: header.rewritten([`Message-ID: ${messageId}`, ...original], 'Message-ID') };
}
