import type { Email } from 'postal-mime';
import type { MailHeaders, MimeParser, ParsedMail } from '../received/parse-mime.ts';
import { isHeavy, lightened, type LightMime } from './lighten-mime.ts';
import { attachmentsOf, lightAttachments, mostAttachments } from './mail-attachments.ts';
import { headersOf } from './mail-headers.ts';
import { mendedHead, mendedText } from './mend-charset.ts';
import { mimeLeaves } from './mime-leaves.ts';
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
      const message = bufferOf(raw);
      demandFewParts(message);
      const light = isHeavy(message) ? lightened(message) : undefined;
      const mail = await read(mendedHead(light?.raw ?? message));
      return { ...headersOf(mail), ...contentOf(mail, message, light) };
    } catch (thrown) {
      const incomplete = `Only its headers were read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`;
      return { ...(await mimeParser.parseHeaders(raw)), text: '', attachments: [], incomplete };
    }
  },
  async parseHeaders(head) {
    try {
      return headersOf(await read(mendedHead(onlyHeaders(head))));
    } catch {
      return nothing;
    }
  },
  safeHtml,
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
function demandFewParts(message: Buffer): void {
  let count = 0;
  for (let at = message.indexOf('\n--'); at >= 0; at = message.indexOf('\n--', at + 3)) {
    if (++count > mostDelimiters) throw new RangeError('Too many parts');
  }
}

/** Up to the first empty line. Without one the last line may be cut off: it is left out. */
function onlyHeaders(raw: Uint8Array): Buffer {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, largestHead));
  const text = head.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? (head.length < raw.length ? text.lastIndexOf('\n') : text.length);
  return head.subarray(0, Math.max(end, 0));
}

function contentOf(mail: Email, raw: Buffer, light: LightMime | undefined): Omit<ParsedMail, keyof MailHeaders> {
  const message = light?.raw ?? raw;
  const isEmpty = mail.text === undefined && mail.html === undefined && mail.attachments.length === 0;
  const left = [
    ...(isEmpty && hasUnreadBody(message) ? ['its parts are not told from each other'] : []),
    ...(light?.isTextCut === true ? ['its text is cut, for it is very long'] : []),
    ...(mail.attachments.length > mostAttachments ? [`it has ${mail.attachments.length} attachments`] : []),
  ];
  return {
    text: withoutNul(mendedText(message, 'text/plain', mail.text ?? '')),
    ...(mail.html !== undefined && { html: withoutNul(mendedText(message, 'text/html', mail.html)) }),
    attachments: light === undefined ? attachmentsOf(mail, raw) : lightAttachments(mail, light),
    ...(left.length > 0 && { incomplete: `Not all is shown: ${left.join(', and ')}.` }),
  };
}

/** Something is there, and is no part: there is no boundary, or none that could be one. */
function hasUnreadBody(message: Buffer): boolean {
  const [first] = mimeLeaves(message);
  return first === undefined && /\r?\n\r?\n\s*\S/.test(message.toString('latin1', 0, largestHead));
}

/** What many databases do not take. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function bufferOf(raw: Uint8Array): Buffer {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}
