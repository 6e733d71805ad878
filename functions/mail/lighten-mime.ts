import { isAttachment, mimeLeaves, type MimeLeaf } from './mime-leaves.ts';

/** The parser needs several times what it is given, and some hundred octets for every line, however empty. */
const heavyOctets = 8 * 1024 * 1024;
const heavyLines = 200_000;
/** Of the text of a heavy message so much is read. */
const textOctets = 2 * 1024 * 1024;
const textLines = 50_000;
/** What is left of an attachment: its beginning, so that the parser has one. */
const stub = 64;
const lineFeed = 10;

/** A message without what makes it heavy. */
export interface LightMime {
  readonly raw: Buffer;
  /** The attachments it had, whole, in their order. */
  readonly attachments: readonly MimeLeaf[];
  readonly isTextCut: boolean;
}

export function isHeavy(raw: Buffer): boolean {
  return raw.length > heavyOctets || countLines(raw, heavyLines) === heavyLines;
}

/**
 * Leaves the beginnings of a message's parts, so that it can be parsed in little memory: a large attachment or a text of
 * a million lines would end the process.
 * @throws RangeError when that does not make it light
 */
export function lightened(message: Buffer): LightMime {
  const pieces: Buffer[] = [];
  const attachments: MimeLeaf[] = [];
  let at = 0;
  let octets = textOctets;
  let lines = textLines;
  let isTextCut = false;
  for (const leaf of mimeLeaves(message)) {
    const start = leaf.body.byteOffset - message.byteOffset;
    let kept = leaf.body.subarray(0, stub);
    if (isAttachment(leaf)) attachments.push(leaf);
    else {
      kept = beginning(leaf.body, octets, lines);
      octets -= kept.length;
      lines -= countLines(kept);
      isTextCut ||= kept.length < leaf.body.length;
    }
    pieces.push(message.subarray(at, start), kept);
    at = start + leaf.body.length;
  }
  pieces.push(message.subarray(at));
  const raw = Buffer.concat(pieces);
  if (isHeavy(raw)) throw new RangeError('It is large where no attachment and no text is');
  return { raw, attachments, isTextCut };
}

/** Whole lines, as far as there are some. */
function beginning(body: Buffer, octets: number, lines: number): Buffer {
  let end = 0;
  for (let line = 0; line < lines && end < body.length; line++) {
    const next = body.indexOf(lineFeed, end) + 1 || body.length;
    if (next > octets) break;
    end = next;
  }
  return body.subarray(0, end === 0 ? octets : end);
}

function countLines(text: Buffer, atMost = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (let at = text.indexOf(lineFeed); at >= 0 && count < atMost; at = text.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}
