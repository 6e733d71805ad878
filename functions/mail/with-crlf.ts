const cr = 0x0d;
const lf = 0x0a;

/** Ends every line by CRLF, as RFC 5321 2.3.8 demands. Chunks that are so already are passed on as they are. */
export async function* withCrlf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isHeld = false;
  for await (const chunk of chunks) {
    if (chunk.byteLength === 0) continue;
    const text: Buffer = isHeld ? Buffer.concat([Buffer.of(cr), chunk]) : asBuffer(chunk);
    // Its line feed may come with the next chunk.
    isHeld = text.at(-1) === cr;
    const whole = isHeld ? text.subarray(0, -1) : text;
    yield isClean(whole) ? whole : Buffer.from(whole.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\r\n'), 'latin1');
  }
  if (isHeld) yield Buffer.of(cr, lf);
}

function isClean(text: Buffer): boolean {
  for (let at = 0; ;) {
    const end = text.indexOf(cr, at);
    const feed = text.indexOf(lf, at);
    if (end === -1 && feed === -1) return true;
    if (end === -1 || feed !== end + 1) return false;
    at = feed + 1;
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
