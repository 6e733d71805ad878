import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { anonymous, demandScope } from '../access/caller.ts';
import { getServices } from '../services.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import { authenticate } from './authenticate.ts';
import { isOptional, type Answer, type Endpoint, type RawBody } from './endpoint.ts';
import { createLog } from './log.ts';
import { toProblem } from './problems.ts';
import { mediaTypeOf, parseJson, readBody, readJson } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { paramsOf } from './routes.ts';
import { validate } from './validate.ts';
import { withUpload } from './with-upload.ts';

// Azure's front end gives up on an answer after 230 s.
const httpDeadline = 200_000;
const defaultBodyLimit = 1_048_576;
/** What a call takes that declares no query or no body: whatever is sent there is refused, not passed over. */
const nothing = z.strictObject({});

/** Makes the host's handler for an endpoint. It always answers: with streaming on, a throw would hang the caller for minutes. */
export function handle(endpoint: Endpoint): HttpHandler {
  return async (request, context) => {
    try {
      const answer = await answerOf(endpoint, request, context);
      return toResponse(endpoint, answer, answerHeaders(request, context));
    } catch (thrown) {
      const error = toGatewayError(thrown);
      logError(error, context);
      return problemResponse(error, request, context);
    }
  };
}

async function answerOf(
  endpoint: Endpoint,
  request: HttpRequest,
  context: InvocationContext,
): Promise<Answer<unknown>> {
  const log = createLog(context);
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  const now = (): Date => new Date();
  const caller =
    endpoint.access === 'public'
      ? anonymous
      : await authenticate({ log, now }, { method: request.method, header }, getServices());
  const call: Call = {
    id: context.invocationId === '' ? randomUUID() : context.invocationId,
    caller,
    signal: AbortSignal.timeout(httpDeadline),
    log,
    now,
  };
  if (endpoint.access !== 'public') demandScope(caller, endpoint.access);
  const params =
    endpoint.params && validate(endpoint.params, paramsOf(endpoint.route, new URL(request.url).pathname), 'path');
  const upload = endpoint.uploads?.[mediaTypeOf(request)];
  if (upload !== undefined) {
    const query = validate(upload.query ?? nothing, readQuery(request.url), 'query');
    const contentType = header('content-type') ?? '';
    return withUpload(request, upload.bodyLimit, (content) =>
      upload.run(call, { params, query, body: { contentType, content }, header }, getServices),
    );
  }
  // What browsers are sent to carries more than is ours to know: Microsoft's own fields, trackers'.
  const querySchema = endpoint.query ?? (endpoint.access === 'public' ? undefined : nothing);
  const query = querySchema && validate(querySchema, readQuery(request.url), 'query');
  const body = await bodyOf(endpoint, request);
  return endpoint.run(call, { params, query, body, header }, getServices);
}

async function bodyOf(
  { body, bodyLimit = defaultBodyLimit, uploads = {} }: Endpoint,
  request: HttpRequest,
): Promise<unknown> {
  // Clients name the type of a body that they then do not send.
  const mayBeMissing =
    body === undefined || (isOptional(body) && ['', 'application/json'].includes(mediaTypeOf(request)));
  if (!mayBeMissing) return validate(body, await readJson(request, bodyLimit, Object.keys(uploads)), 'body');
  const bytes = await readBody(request, bodyLimit);
  if (bytes.byteLength === 0) return body?.parse(undefined);
  return validate(body ?? nothing, parseJson(bytes), 'body');
}

function toResponse(endpoint: Endpoint, answer: Answer<unknown>, headers: Record<string, string>): HttpResponseInit {
  const { answer: shape } = endpoint;
  const hasBody = shape !== undefined;
  // What comes line by line brings its content type along.
  const isJson = shape instanceof z.ZodType && !(answer.body instanceof Readable);
  const raw = answer.body as RawBody;
  return {
    status: answer.status ?? endpoint.status,
    headers: {
      ...(hasBody && { 'cache-control': 'no-store' }),
      ...(hasBody && 'contentType' in shape && { 'content-type': shape.contentType }),
      ...headers,
      ...answer.headers,
    },
    // As headers, a second one would take the place of the first.
    ...(answer.cookies && { cookies: [...answer.cookies] }),
    ...(isJson && { jsonBody: answer.body }),
    ...(hasBody &&
      !isJson &&
      raw !== undefined && { body: raw instanceof Readable ? (Readable.toWeb(raw) as ReadableStream) : raw }),
  };
}

/** The answer that tells a caller about an error. */
export function problemResponse(
  error: GatewayError,
  request: HttpRequest,
  context: InvocationContext,
  headers: Record<string, string> = {},
): HttpResponseInit {
  const problem = toProblem(error, new URL(request.url).pathname);
  return {
    status: problem.status,
    headers: {
      ...answerHeaders(request, context),
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
      ...headers,
    },
    body: JSON.stringify(problem),
  };
}

/** What every answer carries. */
export function answerHeaders(request: HttpRequest, context: InvocationContext): Record<string, string> {
  const traceparent = request.headers.get('traceparent') ?? '';
  return {
    'x-request-id': context.invocationId,
    'x-content-type-options': 'nosniff',
    // W3C Trace Context 3.2.2
    ...(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent) && { traceparent }),
  };
}

/** What callers did wrong is theirs to read in the answer; what went wrong here is ours to read in the log. */
function logError(error: GatewayError, context: InvocationContext): void {
  if (error.meaning.actor === 'caller') return;
  createLog(context).error(error.message, { code: error.code, cause: error.cause });
}
