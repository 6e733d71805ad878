import { decodeBase64 } from './decode-base64.ts';

/** A line that no base64 has, with all the litter it may have: a rule, or words with something that is no digit. */
const plainLine = /^(?:[-_*]{2,}[ \t]*\r?|(?=[^\n]*[^\w+/=\s-])(?=[^\n]*\S[ \t])[^\n]*)$/m;

/**
 * The octets of a text that is base64 only up to some line, where a mailing list or a gateway has added words of its own, or
 * not at all. Undefined for what is base64.
 */
export function partlyPlain(body: Buffer): Buffer | undefined {
  const at = body.toString('latin1').search(plainLine);
  if (at < 0) return undefined;
  const plain = body.subarray(at);
  return at === 0 ? plain : Buffer.concat([decodeBase64(body.subarray(0, at)), Buffer.from('\r\n'), plain]);
}
