import type { HttpRequest } from '@azure/functions';
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import { GatewayError } from '../shared/errors.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

const discardFor = 120_000;

/**
 * Reads a request's body into memory, never more than `limit` octets: a declared length is judged before the first
 * octet is read, an undeclared one while reading. The host answers 500 past its own limit, so ours stays below it.
 * @throws GatewayError `body-too-large`; `request-unreadable` when it breaks off
 */
export async function readBody(request: HttpRequest, limit: number): Promise<Uint8Array> {
  demandDeclaredLength(request, limit);
  const reader = readerOf(request);
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await read(reader); !next.done; next = await read(reader)) {
    length += next.value.byteLength;
    if (length > limit) {
      // Answered only at its end: the real host answers 500 itself when the answer comes before it has handed all over.
      await discard(reader, discardFor);
      throw tooLarge(limit);
    }
    chunks.push(next.value);
  }
  return Buffer.concat(chunks, length);
}

/** @throws GatewayError `body-too-large` when the request says itself that its body is over the limit */
export function demandDeclaredLength(request: HttpRequest, limit: number): void {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
}

/** What reads the request's body; undefined when there is none. */
export function readerOf(request: HttpRequest): Reader | undefined {
  return (request.body as ReadableStream<Uint8Array> | null)?.getReader();
}

async function read(reader: Reader): ReturnType<Reader['read']> {
  try {
    return await reader.read();
  } catch (cause) {
    throw new GatewayError('request-unreadable', 'The body broke off before its end.', { cause });
  }
}

/**
 * Reads on to the end, into nothing. A body that is cancelled instead stays in the connection between host and worker,
 * and the next request that is sent over it never arrives: that is left for a body which takes longer than this.
 */
export async function discard(reader: Reader, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => {
    void reader.cancel().catch(() => undefined);
  }, milliseconds);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The host has cut it off.
  } finally {
    clearTimeout(timer);
  }
}

/** The media type of a request's body, in lower case and without parameters. */
export function mediaTypeOf(request: HttpRequest): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads a JSON body.
 * @param others the content types the call takes besides
 * @throws GatewayError `media-type-unsupported`, `body-too-large`, `request-unreadable`
 */
export async function readJson(request: HttpRequest, limit: number, others: readonly string[] = []): Promise<unknown> {
  const type = mediaTypeOf(request);
  if (type !== 'application/json') {
    const taken = new Intl.ListFormat('en', { type: 'disjunction' }).format(['application/json', ...others]);
    throw new GatewayError(
      'media-type-unsupported',
      `This call takes ${taken}, not ${type === '' ? 'a body without a content type' : type}.`,
      { data: { remedy: `Send the header Content-Type: ${taken}.` } },
    );
  }
  return parseJson(await readBody(request, limit));
}

/**
 * @param what stands in the refusal
 * @throws GatewayError `request-unreadable` without the parser's own words: they quote the body, which may hold a secret
 */
export function parseJson(bytes: Uint8Array, what = 'The body'): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new GatewayError('request-unreadable', `${what} is not JSON in UTF-8.`);
  }
}

/** The refusal of a body over this limit. */
export function tooLarge(limit: number): GatewayError {
  return new GatewayError('body-too-large', `This call takes a body of at most ${limit.toLocaleString('en')} octets.`);
}
