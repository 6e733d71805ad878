import { mimeLeaves, type MimeLeaf } from './mime-leaves.ts';

const bodyTypes = ['text/plain', 'text/html'];
/** Of these postal-mime changes the text as well. */
const calendarTypes = ['text/calendar', 'application/ics'];

/**
 * postal-mime reads mail line by line, and hands text out with line feeds for line ends and one more at its end. The
 * octets of attachments that came as text are therefore taken from the message itself, each where it is the same but for
 * that; where it is not, it is undefined.
 * @param raw the message
 * @param read the contents of all its attachments, as postal-mime read them
 */
export function exactAttachments(raw: Buffer, read: readonly Uint8Array[]): (Buffer | undefined)[] {
  const leaves = [...mimeLeaves(raw)].filter(isAttachment);
  if (leaves.length !== read.length) return read.map(() => undefined);
  return leaves.map((leaf, index) => {
    if (isBase64(leaf) && !calendarTypes.includes(leaf.type)) return undefined;
    const exact = decoded(leaf);
    return withoutLineEnds(exact) === withoutLineEnds(Buffer.from(read[index] ?? [])) ? exact : undefined;
  });
}

/** What postal-mime takes for an attachment when messages within the message are attachments too. */
function isAttachment({ type, disposition }: MimeLeaf): boolean {
  return disposition === 'attachment' || !bodyTypes.includes(type);
}

function isBase64({ encoding }: MimeLeaf): boolean {
  return encoding.includes('base64');
}

function decoded(leaf: MimeLeaf): Buffer {
  if (isBase64(leaf)) return Buffer.from(leaf.body.toString('latin1'), 'base64');
  return leaf.encoding.includes('quoted-printable') ? unquoted(leaf.body) : leaf.body;
}

/** RFC 2045 6.7, rules 1, 2 and 5. */
function unquoted(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replaceAll(/=(?:([0-9a-f]{2})|\r*(?:\n|$))/gi, (_, hex: string | undefined) =>
      hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(text, 'latin1');
}

function withoutLineEnds(content: Buffer): string {
  return content.toString('latin1').replaceAll(/[\r\n]+/g, '');
}
