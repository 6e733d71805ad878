import { addressParser } from 'postal-mime';

/** One field of a message's header, as it is written, with its line ends. */
interface Field {
  /** In lower case. */
  name: string;
  text: string;
}

/** The header of a message, the rest untouched. Fields are read and written byte for byte (as latin1). */
export interface MessageHeader {
  /** The value of the first field of this name, unfolded (UTF-8, RFC 6532). */
  value(name: string): string | undefined;
  /** The addresses of all fields of this name, in lower case. */
  addresses(name: string): string[];
  /** The message with these lines before it and without the fields of this name. */
  rewritten(lines: readonly string[], without?: string): Buffer;
}

export function readHeader(raw: Buffer): MessageHeader {
  const { fields, bodyStart } = split(raw);
  const valuesOf = (name: string) =>
    fields
      .filter((field) => field.name === name.toLowerCase())
      .map(({ text }) => Buffer.from(text.slice(text.indexOf(':') + 1), 'latin1').toString('utf8'))
      .map((value) => value.replace(/\r?\n/g, '').trim());

  return {
    value: (name) => valuesOf(name)[0],
    addresses(name) {
      const entries = addressParser(valuesOf(name).join(', '), { flatten: true });
      return entries.map(({ address = '' }) => address.toLowerCase());
    },
    rewritten(lines, without) {
      const kept = fields.filter((field) => field.name !== without?.toLowerCase()).map(({ text }) => text);
      return Buffer.concat([
        Buffer.from(lines.map((line) => `${line}\r\n`).join('')),
        Buffer.from(kept.join(''), 'latin1'),
        raw.subarray(bodyStart),
      ]);
    },
  };
}

function split(raw: Buffer): { fields: Field[]; bodyStart: number } {
  const fields: Field[] = [];
  let start = 0;
  while (start < raw.length) {
    let end = raw.indexOf('\n', start) + 1;
    if (end === 0) end = raw.length;
    const text = raw.toString('latin1', start, end);
    const isFolded = text.startsWith(' ') || text.startsWith('\t');
    const last = fields.at(-1);
    if (isFolded && last) last.text += text;
    else {
      const colon = text.indexOf(':');
      // The empty line, or a body that begins without one.
      if (colon < 1) break;
      fields.push({ name: text.slice(0, colon).trim().toLowerCase(), text });
    }
    start = end;
  }
  return { fields, bodyStart: start };
}
