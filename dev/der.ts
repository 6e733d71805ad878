// The Distinguished Encoding Rules (ITU-T X.690), as far as a certificate needs them: values in, bytes out.

export function sequence(...contents: Buffer[]): Buffer {
  return encode(0x30, ...contents);
}

export function set(...contents: Buffer[]): Buffer {
  return encode(0x31, ...contents);
}

/** A non-negative integer given as its bytes, highest first and below 0x80. */
export function integer(bytes: Buffer): Buffer {
  return encode(0x02, bytes);
}

export function bool(value: boolean): Buffer {
  return encode(0x01, Buffer.of(value ? 0xff : 0));
}

export function bitString(bytes: Buffer, unusedBits = 0): Buffer {
  return encode(0x03, Buffer.of(unusedBits), bytes);
}

export function octetString(bytes: Buffer): Buffer {
  return encode(0x04, bytes);
}

export function utf8(text: string): Buffer {
  return encode(0x0c, Buffer.from(text));
}

/** GeneralizedTime from 2050 on, UTCTime before, as RFC 5280 section 4.1.2.5 has it. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\.\d+|[-:T]/g, '');
  return at.getUTCFullYear() < 2050
    ? encode(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : encode(0x18, Buffer.from(digits, 'ascii'));
}

/** An object identifier in dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** `[number] EXPLICIT`: a whole value within the tag. */
export function explicit(number: number, value: Buffer): Buffer {
  return encode(0xa0 | number, value);
}

/** `[number] IMPLICIT` of a primitive type: the tag replaces the value's own. */
export function implicit(number: number, bytes: Buffer): Buffer {
  return encode(0x80 | number, bytes);
}

function encode(tag: number, ...contents: Buffer[]) {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number) {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function base128(value: number) {
  const groups = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
  return groups;
}
