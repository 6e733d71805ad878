const chunk = 48 * 1024;

/**
 * Base64 as mail has it (RFC 2045 6.8): what is no digit is passed over, padding ends a unit wherever it stands, and an
 * end that is missing costs the octets that were in it. A chunk at a time, so that large files are not held twice more.
 */
export function decodeBase64(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(Math.ceil((body.length * 3) / 4));
  let length = 0;
  let open = '';
  const write = (text: string): void => {
    if (text !== '') length += decoded.write(text, length, 'base64');
  };
  for (let at = 0; at < body.length; at += chunk) {
    const digits = body.toString('latin1', at, at + chunk).replaceAll(/[^A-Za-z0-9+/=]+/g, '');
    const [first = '', ...units] = digits.split(/=+/);
    open += first;
    for (const unit of units) {
      write(open);
      open = unit;
    }
    const whole = open.length - (open.length % 4);
    write(open.slice(0, whole));
    open = open.slice(whole);
  }
  write(open);
  return decoded.subarray(0, length);
}
