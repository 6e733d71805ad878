import { GatewayError } from '../shared/errors.ts';

/** One field of a header. */
export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** As it is written, octets as characters, its lines ended by CRLF but for the last. */
  readonly text: string;
  /** Unfolded, read as UTF-8 (RFC 6532). */
  readonly value: string;
}

export interface RawHead {
  readonly fields: readonly HeaderField[];
  /** What comes after the empty line. */
  readonly body: AsyncIterable<Uint8Array>;
}

const largestHead = 256 * 1024;

/**
 * Reads a message up to its first empty line.
 * @throws GatewayError `request-invalid` when that does not come within 256 KiB, or a line is no field (RFC 5322 2.2)
 */
export async function readRawHead(content: AsyncIterable<Uint8Array>): Promise<RawHead> {
  const source = content[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  let end: RegExpExecArray | null = null;
  while (end === null && start.length <= largestHead) {
    const next = await source.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
    end = /(?:^|\r?\n)\r?\n/.exec(start.toString('latin1'));
  }
  const length = end?.index ?? start.length;
  if (length > largestHead) throw invalid(`The header has more than ${largestHead / 1024} KiB.`);
  const rest = start.subarray(length + (end?.[0].length ?? 0));
  return {
    fields: fieldsOf(start.toString('latin1', 0, length)),
    body: {
      async *[Symbol.asyncIterator]() {
        yield rest;
        for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
      },
    },
  };
}

function fieldsOf(head: string): HeaderField[] {
  const fields: { name: string; text: string }[] = [];
  if (head === '') return [];
  for (const [index, line] of head.split(/\r?\n/).entries()) {
    const last = fields.at(-1);
    const name = /^([!-9;-~]+)[ \t]*:/.exec(line)?.[1];
    if (line.includes('\r') || line.includes('\0'))
      throw invalid(`Line ${index + 1} of the header has a bare CR or a NUL.`);
    if (name !== undefined) fields.push({ name: name.toLowerCase(), text: line });
    else if (/^[ \t]/.test(line) && last !== undefined) last.text += `\r\n${line}`;
    else throw invalid(`Line ${index + 1} of the header is no field: it has no name and colon.`);
  }
  return fields.map(({ name, text }) => ({ name, text, value: valueOf(text) }));
}

function valueOf(text: string): string {
  const written = text.slice(text.indexOf(':') + 1).replaceAll('\r\n', '');
  return Buffer.from(written, 'latin1').toString('utf8').trim();
}

function invalid(detail: string): GatewayError {
  return new GatewayError('request-invalid', detail, { data: { errors: [{ pointer: '', detail }] } });
}
