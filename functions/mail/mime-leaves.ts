import { decodeBase64 } from './decode-base64.ts';

/** A part of a message that has no parts, as it stands in the raw bytes. */
export interface MimeLeaf {
  /** In lower case, without parameters. */
  readonly type: string;
  /** True where its type, or that of a multipart it is in, is not written as RFC 2045 5.1 has it. */
  readonly isMistyped: boolean;
  /** As it is declared, in lower case; empty where it is not. */
  readonly charset: string;
  readonly disposition: string;
  readonly encoding: string;
  /** The body, still encoded: without the line end that belongs to the delimiter behind it (RFC 2046 5.1.1). */
  readonly body: Buffer;
}

interface Multipart {
  readonly boundary: string;
  readonly type: string;
  readonly isMistyped: boolean;
}

const lineFeed = 10;
const carriageReturn = 13;
/** Every line that could be a delimiter is compared with all boundaries that are open. */
const deepest = 100;

/** The leaves of a message in their order. Written plainly: what hides its boundaries has no leaves. */
export function* mimeLeaves(raw: Buffer): Generator<MimeLeaf> {
  const open: Multipart[] = [];
  let header: string[] | undefined = [];
  let leaf: Omit<MimeLeaf, 'body'> | undefined;
  let bodyAt = 0;

  for (let at = 0; at < raw.length;) {
    const next = raw.indexOf(lineFeed, at) + 1 || raw.length;
    const delimiter = open.length > 0 && raw[at] === 45 && raw[at + 1] === 45 ? textAt(at, next) : '';
    const level = open.findLastIndex(({ boundary }) => isDelimiter(delimiter, boundary));
    if (level >= 0) {
      if (leaf !== undefined) yield { ...leaf, body: withoutLineEnd(raw.subarray(bodyAt, at)) };
      leaf = undefined;
      const isEnd = delimiter.slice(2 + (open[level]?.boundary.length ?? 0)).startsWith('--');
      open.length = isEnd ? level : level + 1;
      header = isEnd ? undefined : [];
    } else if (header !== undefined) {
      const line = textAt(at, next);
      if (line === '') {
        const part = describe(header, open.at(-1)?.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
        if (part.boundary !== undefined && open.length < deepest)
          open.push({ type: part.type, boundary: part.boundary, isMistyped: part.isMistyped });
        else if (!part.type.startsWith('multipart/'))
          leaf = { ...part, isMistyped: part.isMistyped || open.some(({ isMistyped }) => isMistyped) };
        header = undefined;
        bodyAt = next;
      } else if (/^[ \t]/.test(line)) header.push(`${header.pop() ?? ''}${line}`);
      else header.push(line);
    }
    // In a body nothing but a line that begins with two hyphens means anything.
    at = header === undefined ? raw.indexOf('\n--', next - 1) + 1 || raw.length : next;
  }
  if (leaf !== undefined) yield { ...leaf, body: raw.subarray(bodyAt) };

  function textAt(from: number, to: number): string {
    let end = to;
    while (end > from && (raw[end - 1] === lineFeed || raw[end - 1] === carriageReturn)) end--;
    return raw.toString('latin1', from, end);
  }
}

const bodyTypes = ['text/plain', 'text/html'];

/** Attachments that postal-mime reads as text. */
export const calendarTypes = ['text/calendar', 'application/ics'];

/** What postal-mime takes for an attachment when messages within the message are attachments too. */
export function isAttachment({ type, disposition }: MimeLeaf): boolean {
  return disposition === 'attachment' || !bodyTypes.includes(type);
}

export function isBase64({ encoding }: MimeLeaf): boolean {
  return encoding.includes('base64');
}

/** The body as it was before it was encoded for the way. */
export function decodedBody(leaf: MimeLeaf): Buffer {
  if (isBase64(leaf)) return decodeBase64(leaf.body);
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

function isDelimiter(line: string, boundary: string): boolean {
  return line.startsWith(`--${boundary}`) && /^(?:--)?[ \t]*$/.test(line.slice(boundary.length + 2));
}

function describe(header: readonly string[], usual: string) {
  const valueOf = (name: string): string | undefined => {
    const line = header.find((each) => each.slice(0, each.indexOf(':')).trim().toLowerCase() === name);
    return line?.slice(line.indexOf(':') + 1);
  };
  const wordOf = (value = ''): string => (value.split(';', 1)[0] ?? '').trim().toLowerCase();
  const contentType = valueOf('content-type') ?? usual;
  const written = wordOf(contentType);
  const type = written === 'text' ? 'text/plain' : written.split(/\s/, 1)[0] || usual;
  const found = type.startsWith('multipart/') && /[;\s]boundary\s*=\s*(?:"([^"\\]+)"|([^\s;"]+))/i.exec(contentType);
  return {
    type,
    isMistyped: written !== type,
    charset: (/[;\s]charset\s*=\s*"?([^\s";]*)/i.exec(contentType)?.[1] ?? '').toLowerCase(),
    disposition: wordOf(valueOf('content-disposition')),
    encoding: wordOf(valueOf('content-transfer-encoding')),
    boundary: found ? (found[1] ?? found[2]) : undefined,
  };
}

function withoutLineEnd(body: Buffer): Buffer {
  const end = body.length > 0 && body.at(-1) === lineFeed ? body.length - 1 : body.length;
  return body.subarray(0, end > 0 && body[end - 1] === carriageReturn ? end - 1 : end);
}
