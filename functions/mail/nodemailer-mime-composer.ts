import type { MailComposerAttachment } from 'nodemailer/lib/mail-composer';
import type { AttachmentPart, ComposeMime } from '../messages/compose-mime.ts';
import type { Mailbox } from '../shared/address.ts';

/**
 * Writes a message by nodemailer's composer: text and HTML as alternatives, inline attachments with a Content-ID beside
 * the HTML that shows them (RFC 2387), anything beyond ASCII encoded (RFC 2047, 2231), IDN domains in ASCII. Nothing is
 * read from files or the web, and no header is added but those every message has.
 */
export const composeMime: ComposeMime = async (parts) => {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const givenNames = new Map(Object.keys(parts.headers).map((name) => [name.toLowerCase(), name]));
  const composer = new MailComposer({
    messageId: parts.messageId,
    date: parts.date,
    from: addressOf(parts.from),
    to: parts.to.map(addressOf),
    cc: parts.cc.map(addressOf),
    replyTo: parts.replyTo.map(addressOf),
    subject: parts.subject,
    ...(parts.text !== undefined && { text: parts.text }),
    ...(parts.html !== undefined && { html: parts.html }),
    ...(parts.inReplyTo !== undefined && { inReplyTo: parts.inReplyTo }),
    references: [...parts.references],
    headers: { ...parts.headers },
    attachments: parts.attachments.map(attachmentOf),
    // Left to itself it writes long plain lines as format=flowed, which changes trailing spaces.
    encoding: 'quoted-printable',
    newline: 'windows',
    normalizeHeaderKey: (name) => givenNames.get(name.toLowerCase()) ?? name,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
};

function addressOf({ name = '', address }: Mailbox) {
  return { name, address };
}

function attachmentOf(part: AttachmentPart): MailComposerAttachment {
  const { filename, contentType, content, contentId } = part;
  const disposition = part.disposition ?? (contentId === undefined ? 'attachment' : 'inline');
  return {
    filename,
    ...(contentType !== undefined && { contentType }),
    content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    contentDisposition: disposition,
    // A `cid` puts it beside the HTML; what is to be shown as an attachment keeps its id and its place among those.
    ...(contentId !== undefined &&
      (disposition === 'inline' ? { cid: contentId } : { headers: { 'Content-ID': `<${contentId}>` } })),
  };
}
