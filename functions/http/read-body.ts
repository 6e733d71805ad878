import type { HttpRequest } from '@azure/functions';
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import { GatewayError } from '../shared/errors.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Reads a request's body into memory, never more than `limit` octets: a declared length is judged before the first
 * octet is read, an undeclared one while reading. The host answers 500 past its own limit, so ours stays below it.
 * @throws GatewayError `body-too-large`; `request-unreadable` when it breaks off
 */
export async function readBody(request: HttpRequest, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limit) throw tooLarge(limit);
  if (request.body === null) return new Uint8Array();
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await read(reader); !next.done; next = await read(reader)) {
    length += next.value.byteLength;
    if (length > limit) {
      // Answered only at its end: the real host answers 500 itself when the answer comes before it has handed all over.
      await discard(reader);
      throw tooLarge(limit);
    }
    chunks.push(next.value);
  }
  return Buffer.concat(chunks, length);
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
 * and the next request that is sent over it never arrives.
 */
async function discard(reader: Reader): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The host has cut it off.
  }
}

/**
 * Reads a JSON body.
 * @throws GatewayError `media-type-unsupported`, `body-too-large`, `request-unreadable`
 */
export async function readJson(request: HttpRequest, limit: number): Promise<unknown> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new GatewayError(
      'media-type-unsupported',
      `This call takes application/json, not ${type === '' ? 'a body without a content type' : String(type)}.`,
      {
        data: { remedy: 'Send the header Content-Type: application/json.' },
      },
    );
  }
  return parseJson(await readBody(request, limit));
}

/** @throws GatewayError `request-unreadable` without the parser's own words: they quote the body, which may hold a secret */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new GatewayError('request-unreadable', 'The body is not JSON in UTF-8.');
  }
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError('body-too-large', `This call takes a body of at most ${limit.toLocaleString('en')} octets.`);
}
