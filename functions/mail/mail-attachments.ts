import type { Attachment } from 'postal-mime';
import type { MailAttachment } from '../received/parse-mime.ts';
import { bytesOf } from './exact-attachments.ts';
import { withoutAddedLine } from './mend-charset.ts';
import { calendarTypes, decodedBody, type MimeLeaf } from './mime-leaves.ts';

/** More are not shown. */
export const mostAttachments = 1000;
const longestName = 255;

/**
 * The attachments that the parser read.
 * @param leaves where each is in the message, octet by octet: such a one is decoded when it is asked for
 */
export function attachmentsOf(
  read: readonly Attachment[],
  leaves: readonly (MimeLeaf | undefined)[],
): MailAttachment[] {
  return read.slice(0, mostAttachments).map((part, index) => {
    const leaf = leaves[index];
    if (leaf === undefined) {
      const content = wantsCrlf(part) ? withCrlf(part) : bytesOf(part.content);
      return { ...describe(part, index), size: content.byteLength, content };
    }
    return {
      ...describe(part, index),
      size: decodedBody(leaf).byteLength,
      get content() {
        return decodedBody(leaf);
      },
    };
  });
}

function describe(part: Attachment, index: number): Omit<MailAttachment, 'size' | 'content'> {
  const contentId = part.contentId?.replaceAll(/[<>\s]/g, '').slice(0, longestName);
  return {
    filename: filenameOf(part, index),
    contentType: part.method === undefined ? part.mimeType : `${part.mimeType}; method=${part.method}`,
    ...(contentId !== undefined && contentId !== '' && { contentId }),
    disposition: part.disposition === 'inline' || part.related === true ? 'inline' : 'attachment',
  };
}

/** The parser hands these out with bare line feeds; their formats have CRLF (RFC 5545 3.1, RFC 5322 2.1). */
function wantsCrlf({ mimeType }: Attachment): boolean {
  return calendarTypes.includes(mimeType) || mimeType.startsWith('message/');
}

function withCrlf({ mimeType, content }: Attachment): Uint8Array {
  const text = bytesOf(content).toString('latin1');
  const own = mimeType.startsWith('message/') ? withoutAddedLine(text) : text;
  return Buffer.from(own.replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}

/**
 * A name for everything, that a file system takes; path separators and control characters are no part of one, nor is what
 * turns the direction of writing, by which `gpj.exe` looks like a picture.
 */
function filenameOf({ filename, mimeType, method }: Attachment, index: number): string {
  const name = (filename ?? '')
    .replaceAll(/[\p{Cc}/\\]+/gu, '_')
    .replaceAll(/\p{Bidi_Control}/gu, '')
    .trim();
  if (!/^\.*$/.test(name)) return shortened(name);
  if (mimeType === 'message/rfc822') return 'message.eml';
  return method !== undefined || mimeType === 'text/calendar' ? 'invite.ics' : `attachment-${String(index + 1)}`;
}

/** Without its middle when it is too long: the ending says what opens the file. */
function shortened(name: string): string {
  if (name.length <= longestName) return name.toWellFormed();
  const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return `${name.slice(0, longestName - ending.length).trim()}${ending}`.toWellFormed();
}
