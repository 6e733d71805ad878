import type { Dicer } from '@fastify/busboy';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { GatewayError } from '../shared/errors.ts';

/** One part of a form (RFC 7578). */
export interface FormPart {
  readonly name: string;
  /** What a file is called; a plain field has none. */
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  /** Must be read to its end before the next part comes. */
  readonly content: Readable;
}

/** Characters of one part's headers. What goes beyond twice of this the parser cuts off unsaid. */
const largestHead = 8 * 1024;
const chunk = 64 * 1024;

/**
 * The parts of a form one after the other, as they come. A body holds up its sender while a part is not read.
 * @throws GatewayError `request-unreadable` when it is no form, or ends before its last boundary; `request-invalid` for a
 *   part without a name or with headers beyond 8 KiB; what reading the body throws
 */
export async function* readParts(body: Readable, contentType: string): AsyncGenerator<FormPart> {
  const parser = await createParser(boundaryOf(contentType));
  const parts = new Readable({ objectMode: true, read: () => undefined });
  let open: { readonly content: Readable; hasHead: boolean } | undefined;

  const fail = (thrown: unknown): void => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    open?.content.destroy(error);
    parts.destroy(error);
  };
  const demandHead = (): void => {
    if (open?.hasHead === false) fail(invalid('', 'A part has no headers'));
  };
  parser.on('part', (content) => {
    demandHead();
    const part = { content, hasHead: false };
    open = part;
    // Whoever reads it hears of it too; nobody may be reading yet, or any more.
    content.on('error', () => undefined);
    content.on('header', (head) => {
      part.hasHead = true;
      try {
        parts.push(toPart(head as Head, content));
      } catch (thrown) {
        fail(thrown);
      }
    });
  });
  parser.on('error', () => {
    fail(unreadable('The form ends before its last boundary, or has another boundary than Content-Type says.'));
  });
  parser.on('finish', () => {
    demandHead();
    parts.push(null);
  });

  async function feed(): Promise<void> {
    for await (const piece of body) if (!parser.write(piece)) await once(parser, 'drain');
    parser.end();
  }
  feed().catch(fail);
  yield* parts as AsyncIterable<FormPart>;
}

async function createParser(boundary: string): Promise<Dicer> {
  const busboy = (await import('@fastify/busboy')).default as unknown as { readonly Dicer: typeof Dicer };
  const limits = { maxHeaderPairs: 20, maxHeaderSize: 2 * largestHead, partHwm: chunk };
  return new busboy.Dicer({ boundary, ...limits });
}

function boundaryOf(contentType: string): string {
  // RFC 2046 5.1.1
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw unreadable('The header Content-Type names no boundary of the form.');
  return boundary;
}

/** Names in lower case to values, octets as characters. */
type Head = Readonly<Record<string, readonly string[]>>;

function toPart(head: Head, content: Readable): FormPart {
  const length = Object.entries(head).reduce((sum, [name, values]) => sum + name.length + values.join('').length, 0);
  if (length > largestHead) throw invalid('', `A part has headers of more than ${largestHead} octets`);
  const disposition = textOf(head['content-disposition']) ?? '';
  const name = parameterOf(disposition, 'name');
  if (!/^form-data\b/i.test(disposition) || name === undefined || name === '')
    throw invalid('', 'A part has no name (Content-Disposition: form-data; name=...)');
  return { name, filename: parameterOf(disposition, 'filename'), contentType: textOf(head['content-type']), content };
}

function textOf(values: readonly string[] | undefined): string | undefined {
  return values?.[0] === undefined ? undefined : Buffer.from(values[0], 'latin1').toString('utf8').trim();
}

/** Quotes within are written as `\"` by some programs, as `%22` by browsers (HTML, multipart/form-data encoding). */
function parameterOf(value: string, wanted: string): string | undefined {
  for (const [, name, quoted, plain] of value.matchAll(/;\s*([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    if (name?.toLowerCase() === wanted) return quoted?.replaceAll(/\\(["\\])/g, '$1').replaceAll('%22', '"') ?? plain;
  }
  return undefined;
}

function unreadable(detail: string): GatewayError {
  return new GatewayError('request-unreadable', detail);
}

function invalid(pointer: string, detail: string): GatewayError {
  return new GatewayError('request-invalid', `${detail}.`, { data: { errors: [{ pointer, detail }] } });
}
