import { mendedTypes } from './mend-types.ts';
import { calendarTypes, isAttachment, mimeLeaves, type MimeLeaf } from './mime-leaves.ts';

/** The parser takes many times as long to read an attachment as it takes to find and decode it. */
const fewOctets = 2 * 1024;
/** The parser needs several times what it is given, and some hundred octets for every line, however empty. */
const heavyOctets = 8 * 1024 * 1024;
const heavyLines = 200_000;
/** Of the text of a heavy message so much is read. */
const textOctets = 2 * 1024 * 1024;
const textLines = 50_000;
/** What is left of an attachment: its beginning, by which it is known again. */
const stub = 64;
const lineFeed = 10;

/** A message as the parser is given it. */
export interface LightMime {
  readonly raw: Buffer;
  /** Its leaves, as they stand in `raw`. */
  readonly leaves: readonly MimeLeaf[];
  /** The attachments among them, whole. */
  readonly attachments: readonly MimeLeaf[];
  readonly isCut: boolean;
  readonly isTextCut: boolean;
}

/**
 * Mends the types of a message's parts, leaves the beginnings of its attachments, and where the rest would still be heavy
 * those of its texts: a text of a million lines would end the process.
 * @throws RangeError when that does not make it light
 */
export function lightened(message: Buffer): LightMime {
  const leaves = [...mimeLeaves(message)];
  const octets = leaves.reduce((sum, leaf) => sum + (isFile(leaf) ? leaf.body.length : 0), 0);
  const isFine = octets <= fewOctets && !leaves.some(({ isMistyped }) => isMistyped);
  const light = isFine ? withLeaves(message, leaves) : cut(message, leaves, ({ body }) => body);
  if (!isHeavy(light.raw)) return light;
  const lighter = cut(message, leaves, textBudget());
  if (isHeavy(lighter.raw)) throw new RangeError('It is large where no attachment and no text is');
  return lighter;
}

/**
 * The message as it is.
 * @throws RangeError when it is heavy
 */
export function unchanged(message: Buffer): LightMime {
  if (isHeavy(message)) throw new RangeError('Its parts are not where they seem to be');
  return withLeaves(message, [...mimeLeaves(message)]);
}

function withLeaves(raw: Buffer, leaves: readonly MimeLeaf[]): LightMime {
  return { raw, leaves, attachments: leaves.filter(isAttachment), isCut: false, isTextCut: false };
}

/** @param beginningOf what is left of the body of a leaf that is text */
function cut(message: Buffer, whole: readonly MimeLeaf[], beginningOf: (leaf: MimeLeaf) => Buffer): LightMime {
  const pieces: Buffer[] = [];
  let at = 0;
  let isTextCut = false;
  const leaves = whole.map((leaf) => {
    const body = isFile(leaf) ? leaf.body.subarray(0, stub) : beginningOf(leaf);
    const start = leaf.body.byteOffset - message.byteOffset;
    pieces.push(mendedTypes(message.subarray(at, start)), body);
    at = start + leaf.body.length;
    isTextCut ||= !isAttachment(leaf) && body.length < leaf.body.length;
    return { ...leaf, body };
  });
  pieces.push(message.subarray(at));
  return { raw: Buffer.concat(pieces), leaves, attachments: whole.filter(isAttachment), isCut: true, isTextCut };
}

/** Calendars are read as text. */
function isFile(leaf: MimeLeaf): boolean {
  return isAttachment(leaf) && !calendarTypes.includes(leaf.type);
}

/** Gives the beginnings of texts, as long as there is room for them. */
function textBudget(): (leaf: MimeLeaf) => Buffer {
  let octets = textOctets;
  let lines = textLines;
  return ({ body }) => {
    const kept = beginning(body, octets, lines);
    octets -= kept.length;
    lines -= countLines(kept);
    return kept;
  };
}

function isHeavy(raw: Buffer): boolean {
  return raw.length > heavyOctets || countLines(raw, heavyLines) === heavyLines;
}

/** Whole lines, as far as there are some. */
function beginning(body: Buffer, octets: number, lines: number): Buffer {
  let end = 0;
  for (let line = 0; line < lines && end < body.length; line++) {
    const next = body.indexOf(lineFeed, end) + 1 || body.length;
    if (next > octets) break;
    end = next;
  }
  return body.subarray(0, end === 0 && lines > 0 ? octets : end);
}

function countLines(text: Buffer, atMost = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (let at = text.indexOf(lineFeed); at >= 0 && count < atMost; at = text.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}
