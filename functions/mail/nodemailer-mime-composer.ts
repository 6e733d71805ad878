import type { MailComposerAttachment } from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { AttachmentPart, ComposeMime, MimeParts } from '../messages/compose-mime.ts';
import type { Mailbox } from '../shared/address.ts';
import { htmlToPlain } from './html-to-plain.ts';

/**
 * Writes a message by nodemailer's composer: text and HTML as alternatives, the text made from the HTML where it is
 * missing; inline attachments with a Content-ID beside the HTML that shows them (RFC 2387); a calendar's invitation as the
 * last alternative, as calendars look for it (RFC 6047 2.4); anything beyond ASCII encoded (RFC 2047, 2231), IDN domains in ASCII. Nothing is
 * read from files or the web, and no header is added but those every message has.
 */
export const composeMime: ComposeMime = async (parts) => (await compileMime(parts)).build();

/** The message as nodemailer's tree, not written yet. */
export async function compileMime(parts: MimeParts): Promise<MimeNode> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const text = parts.text ?? (parts.html === undefined ? undefined : await htmlToPlain(parts.html));
  const [invitations, attachments] = partition(parts.attachments, isInvitation);
  const givenNames = new Map(Object.keys(parts.headers).map((name) => [name.toLowerCase(), name]));
  const composer = new MailComposer({
    messageId: parts.messageId,
    date: parts.date,
    from: addressOf(parts.from),
    to: parts.to.map(addressOf),
    cc: parts.cc.map(addressOf),
    replyTo: parts.replyTo.map(addressOf),
    subject: parts.subject,
    ...(text !== undefined && { text }),
    ...(parts.html !== undefined && { html: parts.html }),
    ...(parts.inReplyTo !== undefined && { inReplyTo: parts.inReplyTo }),
    references: [...parts.references],
    headers: { ...parts.headers },
    attachments: attachments.map(attachmentOf),
    alternatives: invitations.map(alternativeOf),
    // Nobody can guess it, and the same message is written with the same octets again.
    baseBoundary: parts.messageId.replaceAll(/[^0-9a-z_]+/gi, '-').slice(1, 40),
    // Left to itself it writes long plain lines as format=flowed, which changes trailing spaces.
    encoding: 'quoted-printable',
    newline: 'windows',
    normalizeHeaderKey: (name) => givenNames.get(name.toLowerCase()) ?? name,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile();
}

function addressOf({ name = '', address }: Mailbox) {
  return { name, address };
}

/** A calendar part that asks for something (`method=`), unless it is to lie among the attachments. */
function isInvitation({ contentType = '', disposition }: AttachmentPart): boolean {
  return /^text\/calendar\b.*;\s*method=/i.test(contentType) && disposition !== 'attachment';
}

function alternativeOf({ contentType, content }: AttachmentPart): MailComposerAttachment {
  return { contentType, content: bufferOf(content) };
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function attachmentOf(part: AttachmentPart): MailComposerAttachment {
  const { filename, contentType, content, contentId } = part;
  const disposition = part.disposition ?? (contentId === undefined ? 'attachment' : 'inline');
  return {
    filename,
    ...(contentType !== undefined && { contentType }),
    content: bufferOf(content),
    contentDisposition: disposition,
    // A `cid` puts it beside the HTML; what is to be shown as an attachment keeps its id and its place among those.
    ...(contentId !== undefined &&
      (disposition === 'inline' ? { cid: contentId } : { headers: { 'Content-ID': `<${contentId}>` } })),
  };
}
