import type { HttpRequest } from '@azure/functions';
import { Readable } from 'node:stream';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { GatewayError } from '../shared/errors.ts';
import { demandDeclaredLength, discard, readerOf, tooLarge } from './read-body.ts';

/** Azure's front end gives up on an answer after 230 s; what was read must be kept before that. */
const patience = 180_000;
/** Without an octet. */
const silence = 30_000;
const second = 1000;

/**
 * Does something with a request's body as it comes: never more than `limit` octets, never longer than three minutes, as
 * fast as it is read. A declared length is judged before the first octet. Whatever becomes of it, the body is read to its
 * end, into nothing, before this settles.
 * @throws GatewayError `body-too-large`; `request-unreadable` when the body breaks off or does not come in time; what
 *   `work` throws
 */
export async function withUpload<T>(
  request: HttpRequest,
  limit: number,
  work: (body: Readable) => Promise<T>,
): Promise<T> {
  demandDeclaredLength(request, limit);
  const reader = readerOf(request);
  const until = Date.now() + patience;
  let failure: GatewayError | undefined;

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      let length = 0;
      for (let next = await chunk(); next?.done === false; next = await chunk()) {
        length += next.value.byteLength;
        if (length > limit) throw tooLarge(limit);
        yield next.value;
      }
    } catch (thrown) {
      failure = thrown as GatewayError;
      throw thrown;
    }
  }
  const chunk = () => reader && nextChunk(reader, Math.min(silence, until - Date.now()));

  const body = Readable.from(read(), { objectMode: false });
  // Nobody listens any more once the work has given up.
  body.on('error', () => undefined);
  try {
    return await work(body);
  } catch (thrown) {
    // What broke the body broke the work, whatever the libraries in between make of it.
    throw failure ?? thrown;
  } finally {
    body.destroy();
    if (reader !== undefined) await discard(reader, Math.max(until - Date.now(), second));
  }
}

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  milliseconds: number,
): ReturnType<typeof reader.read> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new GatewayError('request-unreadable', 'The body did not come in time.', { data: { remedy } }));
    }, milliseconds);
  });
  const broken = (cause: unknown): never => {
    throw new GatewayError('request-unreadable', 'The body broke off before its end.', { cause });
  };
  try {
    return await Promise.race([reader.read().catch(broken), late]);
  } finally {
    clearTimeout(timer);
  }
}

const remedy = `Send the whole body within ${patience / second} seconds, and never pause for ${silence / second}.`;
