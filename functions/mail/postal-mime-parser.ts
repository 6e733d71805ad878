import type { Address, Attachment, Email } from 'postal-mime';
import type { MailAttachment, MailHeaders, MimeParser, ParsedMail } from '../received/parse-mime.ts';
import type { Mailbox } from '../shared/address.ts';
import { exactAttachments } from './exact-attachments.ts';
import { readMailFlags } from './mail-flags.ts';
import { readRecipients } from './mail-recipients.ts';
import { parseMessageIds } from './message-ids.ts';
import { readDeliveryReport } from './read-delivery-report.ts';

const deepestNesting = 100;
const largestHeaders = 1024 * 1024;
const mostAttachments = 1000;
const longestName = 255;
/** Every part costs the parser memory, however empty it is: megabytes of nothing but delimiters would end the process. */
const mostDelimiters = 20_000;
/** Of a message that is beyond the bounds only this much is looked at, for its headers. */
const largestHead = 64 * 1024;
// The parser hands these out with bare line feeds; their formats have CRLF (RFC 5545 3.1, RFC 5322 2.1).
const wantsCrlf = /^(?:text\/calendar|application\/ics|message\/.*)$/;
const nothing: MailHeaders = {
  references: [],
  to: [],
  cc: [],
  recipients: [],
  replyTo: [],
  subject: '',
  flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
};

/**
 * Reads mail by postal-mime. Messages within a message stay attachments. What cannot be read, or is nested or headed
 * beyond the bounds, comes with its headers and nothing else. Attachments are exact octet by octet.
 */
export const mimeParser: MimeParser = {
  async parse(raw) {
    try {
      demandFewParts(raw);
      const mail = await read(raw);
      return { ...headersOf(mail), ...contentOf(mail, raw) };
    } catch {
      return { ...(await mimeParser.parseHeaders(raw)), text: '', attachments: [] };
    }
  },
  async parseHeaders(head) {
    try {
      return headersOf(await read(onlyHeaders(head)));
    } catch {
      return nothing;
    }
  },
  async parseReport(raw) {
    return readDeliveryReport(bufferOf(raw), await mimeParser.parseHeaders(raw));
  },
};

async function read(raw: Uint8Array): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime');
  return PostalMime.parse(raw, {
    forceRfc822Attachments: true,
    maxNestingDepth: deepestNesting,
    maxHeadersSize: largestHeaders,
  });
}

/** Counts what could be a delimiter (RFC 2046 5.1.1), whatever boundaries are declared: those can be disguised. */
function demandFewParts(raw: Uint8Array): void {
  const message = bufferOf(raw);
  let count = 0;
  for (let at = message.indexOf('\n--'); at >= 0; at = message.indexOf('\n--', at + 3)) {
    if (++count > mostDelimiters) throw new RangeError('Too many parts');
  }
}

/** Up to the first empty line. Without one the last line may be cut off: it is left out. */
function onlyHeaders(raw: Uint8Array): Uint8Array {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, largestHead));
  const text = head.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? (head.length < raw.length ? text.lastIndexOf('\n') : text.length);
  return head.subarray(0, Math.max(end, 0));
}

function headersOf(mail: Email): MailHeaders {
  const values = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!values.has(key)) values.set(key, value);
  const [messageId] = parseMessageIds(mail.messageId ?? '');
  const [inReplyTo] = parseMessageIds(mail.inReplyTo ?? '');
  const [from] = mailboxes(mail.from === undefined ? [] : [mail.from]);
  const date = isoDate(mail.date);
  return {
    ...(messageId !== undefined && { messageId }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    references: parseMessageIds(mail.references ?? ''),
    ...(from !== undefined && { from }),
    to: mailboxes(mail.to ?? []),
    cc: mailboxes(mail.cc ?? []),
    recipients: readRecipients(mail.headers),
    replyTo: mailboxes(mail.replyTo ?? []),
    subject: oneLine(mail.subject ?? ''),
    ...(date !== undefined && { date }),
    flags: readMailFlags((name) => values.get(name), from?.address),
  };
}

function contentOf(mail: Email, raw: Uint8Array): Pick<ParsedMail, 'text' | 'html' | 'attachments'> {
  const read = mail.attachments.map(({ content }) => bytes(content));
  const exact = read.length === 0 ? [] : exactAttachments(bufferOf(raw), read);
  return {
    text: withoutAddedLine(mail.text ?? ''),
    ...(mail.html !== undefined && { html: withoutAddedLine(mail.html) }),
    attachments: mail.attachments
      .slice(0, mostAttachments)
      .map((part, index) => toAttachment(part, index, exact[index])),
  };
}

/** The parser ends every part by a line feed of its own. */
function withoutAddedLine(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function toAttachment(part: Attachment, index: number, exact: Uint8Array | undefined): MailAttachment {
  const content = exact ?? (wantsCrlf.test(part.mimeType) ? withCrlf(part) : bytes(part.content));
  const contentId = part.contentId?.replaceAll(/[<>\s]/g, '').slice(0, longestName);
  return {
    filename: filenameOf(part, index),
    contentType: part.method === undefined ? part.mimeType : `${part.mimeType}; method=${part.method}`,
    size: content.byteLength,
    ...(contentId !== undefined && contentId !== '' && { contentId }),
    disposition: part.disposition === 'inline' || part.related === true ? 'inline' : 'attachment',
    content,
  };
}

function bufferOf(raw: Uint8Array): Buffer {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

function bytes(content: Attachment['content']): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
}

function withCrlf({ mimeType, content }: Attachment): Uint8Array {
  const text = Buffer.from(bytes(content)).toString('latin1');
  const own = mimeType.startsWith('message/') ? withoutAddedLine(text) : text;
  return Buffer.from(own.replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}

/** A name for everything, that a file system takes; path separators and control characters are no part of one. */
function filenameOf({ filename, mimeType, method }: Attachment, index: number): string {
  const name = (filename ?? '').replaceAll(/[\p{Cc}/\\]+/gu, '_').trim();
  if (name !== '') return shortened(name);
  if (mimeType === 'message/rfc822') return 'message.eml';
  return method !== undefined || mimeType === 'text/calendar' ? 'invite.ics' : `attachment-${String(index + 1)}`;
}

/** Without its middle when it is too long: the ending says what opens the file. */
function shortened(name: string): string {
  if (name.length <= longestName) return name.toWellFormed();
  const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return `${name.slice(0, longestName - ending.length).trim()}${ending}`.toWellFormed();
}

/** Groups in their members; what has no address is left out. */
function mailboxes(addresses: readonly Address[]): Mailbox[] {
  return addresses
    .flatMap((each) => (each.group === undefined ? [each] : each.group))
    .filter(({ address }) => address !== '')
    .map(({ name, address }) => (name === '' ? { address } : { name: oneLine(name), address }));
}

/** An encoded word may hide control characters, line breaks among them. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

function isoDate(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
