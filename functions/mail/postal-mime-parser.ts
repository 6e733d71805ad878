import type { Email } from 'postal-mime';
import type { MailHeaders, MimeParser, ParsedMail } from '../received/parse-mime.ts';
import { exactAttachments } from './exact-attachments.ts';
import { headEnd } from './head-end.ts';
import { lightened, unchanged, type LightMime } from './lighten-mime.ts';
import { attachmentsOf, mostAttachments } from './mail-attachments.ts';
import { headersOf } from './mail-headers.ts';
import { mendedAddresses } from './mend-addresses.ts';
import { mendedHead, mendedText } from './mend-charset.ts';
import { readDeliveryReport } from './read-delivery-report.ts';
import { safeHtml } from './safe-html.ts';

const deepestNesting = 100;
const largestHeaders = 1024 * 1024;
/** Every part costs the parser memory, however empty it is: megabytes of nothing but delimiters would end the process. */
const mostDelimiters = 20_000;
/** Of a message that is beyond the bounds only this much is looked at, for its headers. */
const largestHead = 64 * 1024;
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
      return await readMime(bufferOf(raw));
    } catch (thrown) {
      const incomplete = `Only its headers were read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`;
      return { ...(await mimeParser.parseHeaders(raw)), text: '', attachments: [], incomplete, isHostile: true };
    }
  },
  async parseHeaders(head) {
    try {
      return headersOf(await read(onlyHeaders(bufferOf(head))));
    } catch {
      return nothing;
    }
  },
  safeHtml,
  async parseReport(raw) {
    return readDeliveryReport(bufferOf(raw), await mimeParser.parseHeaders(raw));
  },
};

async function readMime(message: Buffer, light = lightened(message)): Promise<ParsedMail> {
  demandFewParts(light.raw);
  const mail = await read(light.raw);
  const leaves = exactAttachments(light, mail.attachments);
  if (light.isCut && leaves.includes(undefined)) return readMime(message, unchanged(message));
  return { ...headersOf(mail), ...contentOf(mail, light), attachments: attachmentsOf(mail.attachments, leaves) };
}

async function read(raw: Buffer): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime');
  return PostalMime.parse(withMendedHead(raw), {
    forceRfc822Attachments: true,
    maxNestingDepth: deepestNesting,
    maxHeadersSize: largestHeaders,
  });
}

function withMendedHead(raw: Buffer): Buffer {
  const end = headEnd(raw) ?? raw.length;
  const head = raw.subarray(0, end);
  const mended = mendedAddresses(mendedHead(head));
  return mended === head ? raw : Buffer.concat([mended, raw.subarray(end)]);
}

/** Counts what could be a delimiter (RFC 2046 5.1.1), whatever boundaries are declared: those can be disguised. */
function demandFewParts(message: Buffer): void {
  let count = 0;
  for (let at = message.indexOf('\n--'); at >= 0; at = message.indexOf('\n--', at + 3)) {
    if (++count > mostDelimiters) throw new RangeError('Too many parts');
  }
}

/** Up to the first empty line. Without one the last line may be cut off: it is left out. */
function onlyHeaders(raw: Buffer): Buffer {
  const head = raw.subarray(0, largestHead);
  const end = headEnd(head) ?? (head.length < raw.length ? head.lastIndexOf('\n') : head.length);
  return head.subarray(0, Math.max(end, 0));
}

function contentOf(mail: Email, light: LightMime): Pick<ParsedMail, 'text' | 'html' | 'incomplete'> {
  const isEmpty = mail.text === undefined && mail.html === undefined && mail.attachments.length === 0;
  const left = [
    ...(isEmpty && hasUnreadBody(light) ? ['its parts are not told from each other'] : []),
    ...(light.isTextCut ? ['its text is cut, for it is very long'] : []),
    ...(mail.attachments.length > mostAttachments ? [`it has ${mail.attachments.length} attachments`] : []),
  ];
  return {
    text: withoutNul(mendedText(light.leaves, 'text/plain', mail.text ?? '')),
    ...(mail.html !== undefined && { html: withoutNul(mendedText(light.leaves, 'text/html', mail.html)) }),
    ...(left.length > 0 && { incomplete: `Not all is shown: ${left.join(', and ')}.` }),
  };
}

/** Something is there, and is no part: there is no boundary, or none that could be one. */
function hasUnreadBody({ leaves, raw }: LightMime): boolean {
  return leaves.length === 0 && /\r?\n\r?\n\s*\S/.test(raw.toString('latin1', 0, largestHead));
}

/** What many databases do not take. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** Line feeds are what the parser goes by: where there are none, lines end as they once did on a Macintosh. */
function bufferOf(raw: Uint8Array): Buffer {
  const message = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (message.includes('\n') || !message.includes('\r')) return message;
  return Buffer.from(message.toString('latin1').replaceAll('\r', '\r\n'), 'latin1');
}
