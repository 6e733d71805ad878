import { createHash, randomBytes } from 'node:crypto';

// Crockford's alphabet in lower case: no letter is mistaken for a digit, and text order is number order.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const width = 10;
const last = 2 ** (5 * width) - 1;

/** Ten characters (50 bits) nobody can guess. */
export function randomKey(): string {
  return encode(randomBytes(width));
}

/** Ten characters that are always the same for the same text. */
export function hashKey(text: string): string {
  return encode(createHash('sha256').update(text).digest());
}

function encode(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, width), (byte) => alphabet.charAt(byte & 31)).join('');
}

/**
 * Ten characters for a time, the newer the smaller, so that a table's natural order is newest first. Times before 1970
 * count as its beginning.
 */
export function newestFirst(time: Date): string {
  let rest = last - Math.max(time.getTime(), 0);
  let text = '';
  for (let i = 0; i < width; i++) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** The time that such ten characters stand for. */
function timeOf(text: string): Date {
  return new Date(last - Array.from(text).reduce((value, char) => value * 32 + alphabet.indexOf(char), 0));
}

export type ResourcePrefix = 'acc' | 'out' | 'inc' | 'dst' | 'key';

/** An id for a configured thing, such as `acc_5k2m0q8rtz`. */
export function newId(prefix: ResourcePrefix): string {
  return `${prefix}_${randomKey()}`;
}

export type RecordPrefix = 'msg' | 'rcv' | 'dlv' | 'evt';

/**
 * An id for something that happened, kept in the partition of the thing it happened to: prefix, the owner's key, the
 * time (newest first) and what tells it from others of the same moment. So one id is enough to find its row.
 */
export function recordId(prefix: RecordPrefix, ownerId: string, time: Date, distinct: string): string {
  return `${prefix}_${keyOf(ownerId)}${newestFirst(time)}${distinct}`;
}

/** The key part of a configured thing's id: what stands after the prefix. */
export function keyOf(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}

/** The key of the owner that a record's id names; undefined when the text is not such an id. */
export function ownerKeyOf(id: string, prefix: RecordPrefix): string | undefined {
  const match = /^([a-z]{3})_([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{20}$/.exec(id);
  return match?.[1] === prefix ? match[2] : undefined;
}

/** What orders the records of all owners, and is the cursor behind one: the time and the rest of its id. */
export function orderOf(id: string): string {
  return id.slice('xxx_'.length + width);
}

/** When the thing happened that a record's id tells of. */
export function timeOfRecord(id: string): Date {
  return timeOf(orderOf(id).slice(0, width));
}
