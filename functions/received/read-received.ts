import type { Readable } from 'node:stream';
import type { Message } from '../messages/message.ts';
import { formatMailbox } from '../shared/address.ts';
import { causeOf, GatewayError, type Cause } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { MailAttachment, ParsedMail } from './parse-mime.ts';
import type { RecentMails } from './recent-mail.ts';
import { wasRead, type ReceivedMessage } from './received-message.ts';
import { bytesGone, contentOf, takeApart, type MailContent, type TakeApartPorts } from './take-apart.ts';
import { withImages, type ImageChoice } from './with-images.ts';

/** What reading out of a kept mail takes. */
export interface ReadPorts extends TakeApartPorts {
  readonly recentMail: RecentMails;
  /** For what is told of the message that a mail answers. */
  readonly messages: Pick<Records<Message>, 'get'>;
}

/** A message that was answered, as its sender named it. */
export interface Answered {
  readonly id: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A received mail as callers and events show it: the ledger's row and what is in the mail. */
export interface ReceivedView {
  readonly id: string;
  readonly incomingServer: string;
  readonly status: ReceivedMessage['status'];
  readonly mailbox: string;
  readonly folder: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly date?: string | undefined;
  readonly text: string;
  readonly html?: string | undefined;
  /** The same without what a mail could do to its reader. */
  readonly safeHtml?: string | undefined;
  readonly attachments: readonly Omit<MailAttachment, 'content'>[];
  readonly messageId?: string | undefined;
  readonly inReplyTo?: string | undefined;
  readonly references: readonly string[];
  readonly flags: ReceivedMessage['flags'];
  /** The message that it answers, where that was sent through here. */
  readonly answers?: Answered | undefined;
  readonly bounce?: ReceivedMessage['bounce'];
  readonly size: number;
  readonly receivedAt: string;
  readonly fetchedAt: string;
  readonly rule?: string | undefined;
  readonly reason?: ReceivedMessage['reason'];
  readonly cause?: ReceivedMessage['cause'];
}

/** Reads a received mail. @throws GatewayError `not-found` when the bytes are gone */
export async function readReceived(row: ReceivedMessage, ports: ReadPorts): Promise<ReceivedView> {
  const mail = ports.recentMail.get(row.id)?.content ?? contentOf(await parsed(row, ports));
  const answered = row.answers === undefined ? undefined : await ports.messages.get(row.answers);
  return {
    id: row.id,
    incomingServer: row.incomingServer,
    status: row.status,
    mailbox: row.mailbox,
    folder: row.folder,
    from: mail.from === undefined ? '' : formatMailbox(mail.from),
    to: mail.to.map(formatMailbox),
    cc: mail.cc.map(formatMailbox),
    replyTo: mail.replyTo.map(formatMailbox),
    subject: mail.subject,
    date: mail.date,
    text: mail.text,
    html: mail.html,
    safeHtml: mail.html === undefined ? undefined : await ports.mimeParser.safeHtml(mail.html),
    attachments: mail.attachments,
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    flags: mail.flags,
    answers: answered && { id: answered.id, tags: answered.tags, metadata: answered.metadata },
    bounce: row.bounce,
    size: row.size,
    receivedAt: row.createdAt,
    fetchedAt: row.fetchedAt,
    rule: row.rule,
    reason: row.reason,
    cause: row.cause ?? unreadable(row, mail),
  };
}

/** Why some of a mail is not shown. Its bytes are there. */
function unreadable({ id, fetchedAt }: ReceivedMessage, { incomplete }: MailContent): Cause | undefined {
  if (incomplete === undefined) return undefined;
  const remedy = `Its bytes are whole: GET /v1/received/${id}/raw.`;
  return causeOf(new GatewayError('hostile-mime', incomplete, { data: { remedy } }), new Date(fetchedAt));
}

/** The HTML of a mail as it may be shown, with its images. @throws GatewayError `not-found` when it has none */
export async function readHtml(row: ReceivedMessage, images: ImageChoice, ports: ReadPorts): Promise<string> {
  const { html, attachments } = await parsed(row, ports);
  if (html === undefined) throw new GatewayError('not-found', `${row.id} has no HTML.`);
  return withImages(await ports.mimeParser.safeHtml(html), attachments, images);
}

/** One attachment with its bytes, by its place in the list. @throws GatewayError `not-found` */
export async function readAttachment(row: ReceivedMessage, index: number, ports: ReadPorts): Promise<MailAttachment> {
  const attachment = (await parsed(row, ports)).attachments[index];
  if (attachment === undefined) throw new GatewayError('not-found', `${row.id} has no attachment ${index}.`);
  return attachment;
}

/** The exact bytes of a mail. @throws GatewayError `not-found` when they are gone */
export async function openRaw(row: ReceivedMessage, { rawMail }: Pick<ReadPorts, 'rawMail'>): Promise<Readable> {
  const stream = await rawMail.get(row.blob);
  if (stream === undefined) throw bytesGone(row.id);
  return stream;
}

/** One whose bytes could not be had is empty. */
async function parsed(row: ReceivedMessage, ports: ReadPorts): Promise<ParsedMail> {
  const mail = await takeApart(row, ports);
  if (mail !== undefined) return mail;
  if (wasRead(row)) throw bytesGone(row.id);
  return ports.mimeParser.parse(new Uint8Array());
}
