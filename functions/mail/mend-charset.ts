import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { partlyPlain } from './false-base64.ts';
import { decodedBody, isAttachment, isBase64, type MimeLeaf } from './mime-leaves.ts';

const lineFeed = 10;
/** Names that Windows has for what the Encoding standard knows by others. */
const codePages: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
};
/** Where an HTML page says its charset (HTML, prescan of a byte stream). */
const prescanned = 1024;

/**
 * The text that was read of a message, better where the charset of its only part of that type is missing, means nothing
 * or is not true: much mail is UTF-8 and says otherwise, or says UTF-8 and is not.
 */
export function mendedText(leaves: readonly MimeLeaf[], type: 'text/plain' | 'text/html', read: string): string {
  const text = withoutAddedLine(read).replaceAll('\r\n', '\n');
  const [leaf, ...others] = leaves.filter((each) => each.type === type && !isAttachment(each));
  if (leaf === undefined || others.length > 0) return text;
  const plain = isBase64(leaf) ? partlyPlain(leaf.body) : undefined;
  if (plain !== undefined) return textOf(leaf, plain);
  if (!isDoubtful(leaf, text)) return text;
  const bytes = decodedBody(leaf);
  if (bytes.every((octet) => octet < 0x80)) return text;
  const mended = textOf(leaf, bytes);
  // Where it was put together with others, or flowed (RFC 3676), it stays as it was read.
  return Math.abs(linesOf(mended) - linesOf(text)) > 1 ? text : mended;
}

function textOf({ type, charset }: MimeLeaf, bytes: Buffer): string {
  const inside = type === 'text/html' ? charsetInside(bytes) : undefined;
  return decoded(bytes, inside ?? charset).replaceAll('\r\n', '\n');
}

/** The parser ends every part by a line feed of its own. */
export function withoutAddedLine(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function linesOf(text: string): number {
  return text.split('\n').length;
}

/** The head of a message with its octets beyond ASCII in UTF-8 (RFC 6532), whatever they were. */
export function mendedHead(head: Buffer): Buffer {
  if (isUtf8(head)) return head;
  const lines: Buffer[] = [];
  for (let at = 0; at < head.length;) {
    const next = head.indexOf(lineFeed, at) + 1 || head.length;
    const line = head.subarray(at, next);
    lines.push(isUtf8(line) ? line : Buffer.from(decoded(line)));
    at = next;
  }
  return Buffer.concat(lines);
}

/** Where no charset is named the parser reads UTF-8. */
function isDoubtful({ charset }: MimeLeaf, text: string): boolean {
  if (/^(?:utf-?8|)$/.test(charset)) return text.includes('\uFFFD');
  return /^(?:us-)?ascii$/.test(charset) || decoderOf(charset) === undefined;
}

function charsetInside(html: Buffer): string | undefined {
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(html.toString('latin1', 0, prescanned))?.[1];
}

/** UTF-8 if it is that, for hardly anything else looks like it; else as it says itself, else as Windows writes it. */
function decoded(bytes: Uint8Array, charset = ''): string {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const name = charset.replaceAll(/[^\w-]/g, '');
  const decoder = /^utf-?8$/i.test(name) ? undefined : decoderOf(codePages[name] ?? name);
  return (decoder ?? new TextDecoder('windows-1252')).decode(bytes);
}

function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}
