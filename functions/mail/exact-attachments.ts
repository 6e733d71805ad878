import { decodedBody, isAttachment, isBase64, mimeLeaves } from './mime-leaves.ts';

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
    const exact = decodedBody(leaf);
    return withoutLineEnds(exact) === withoutLineEnds(Buffer.from(read[index] ?? [])) ? exact : undefined;
  });
}

function withoutLineEnds(content: Buffer): string {
  return content.toString('latin1').replaceAll(/[\r\n]+/g, '');
}
