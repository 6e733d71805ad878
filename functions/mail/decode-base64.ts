const chunk = 48 * 1024;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Base64 as mail has it (RFC 2045 6.8): what is no digit is passed over, padding ends a unit wherever it stands, and an
 * end that is missing costs the octets that were in it. A chunk at a time, so that large files are not held twice more.
 */
export function decodeBase64(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(Math.ceil((body.length * 3) / 4));
  let length = 0;
  let open = '';
  const write = (text: string): number => (text === '' ? 0 : decoded.write(text, length, 'base64'));
  for (let at = 0; at < body.length;) {
    const lines = wholeLines(body.subarray(at, at + chunk));
    at += lines.length;
    const text = lines.toString('latin1');
    const written = open === '' ? write(text) : 0;
    // Nothing but whole units of digits, as nearly always: then the platform decodes it as it stands.
    if (written > 0 && written * 4 === countDigits(lines) * 3 && !/[-_]/.test(text)) {
      length += written;
      continue;
    }
    const [first = '', ...units] = text.replaceAll(/[^A-Za-z0-9+/=]+/g, '').split(/=+/);
    open += first;
    for (const unit of units) {
      length += write(open);
      open = unit;
    }
    const whole = open.length - (open.length % 4);
    length += write(open.slice(0, whole));
    open = open.slice(whole);
  }
  length += write(open);
  return decoded.subarray(0, length);
}

/** Without the last line that has no end, where there are others: a line has whole units. */
function wholeLines(body: Buffer): Buffer {
  return body.subarray(0, body.lastIndexOf(lineFeed) + 1 || body.length);
}

/** Octets that are no line ends. */
function countDigits(lines: Buffer): number {
  let count = lines.length;
  for (let at = lines.indexOf(lineFeed); at >= 0; at = lines.indexOf(lineFeed, at + 1))
    count -= lines[at - 1] === carriageReturn ? 2 : 1;
  return count;
}
