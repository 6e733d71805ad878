import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZodType } from 'zod';
import { anonymous, demandScope, type Caller } from '../access/caller.ts';
import { getServices } from '../services.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import { authenticate } from './authenticate.ts';
import type { Answer, Endpoint, RawBody } from './endpoint.ts';
import { createLog } from './log.ts';
import { toProblem } from './problems.ts';
import { readJson } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { paramsOf } from './routes.ts';
import { validate } from './validate.ts';

// Azure's front end gives up on an answer after 230 s.
const httpDeadline = 200_000;
const defaultBodyLimit = 1_048_576;

/** Makes the host's handler for an endpoint. It always answers: with streaming on, a throw would hang the caller for minutes. */
export function handle(endpoint: Endpoint): HttpHandler {
  return async (request, context) => {
    const answerHeaders = {
      'x-request-id': context.invocationId,
      ...traceOf(request),
      'x-content-type-options': 'nosniff',
    };
    try {
      const answer = await answerOf(endpoint, request, context);
      return toResponse(endpoint, answer, answerHeaders);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      logError(error, context);
      return problemResponse(error, new URL(request.url).pathname, answerHeaders);
    }
  };
}

async function answerOf(
  endpoint: Endpoint,
  request: HttpRequest,
  context: InvocationContext,
): Promise<Answer<unknown>> {
  const log = createLog(context);
  const caller = endpoint.access === 'public' ? anonymous : await callerOf(request);
  const call: Call = {
    id: context.invocationId === '' ? randomUUID() : context.invocationId,
    caller,
    signal: AbortSignal.timeout(httpDeadline),
    log,
    now: () => new Date(),
  };
  if (endpoint.access !== 'public') demandScope(caller, endpoint.access);
  const params =
    endpoint.params && validate(endpoint.params, paramsOf(endpoint.route, new URL(request.url).pathname), 'path');
  const query = endpoint.query && validate(endpoint.query, readQuery(request.url), 'query');
  const body =
    endpoint.body && validate(endpoint.body, await readJson(request, endpoint.bodyLimit ?? defaultBodyLimit), 'body');
  const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
  return endpoint.run(call, { params, query, body, header }, getServices);
}

function callerOf(request: HttpRequest): Promise<Caller> {
  return authenticate(request.headers.get('authorization'), getServices().apiKeys, new Date());
}

function toResponse(endpoint: Endpoint, answer: Answer<unknown>, headers: Record<string, string>): HttpResponseInit {
  const status = answer.status ?? endpoint.status;
  if (endpoint.answer === undefined) return { status, headers: { ...headers, ...answer.headers } };
  if (endpoint.answer instanceof ZodType) {
    return { status, headers: { 'cache-control': 'no-store', ...headers, ...answer.headers }, jsonBody: answer.body };
  }
  const raw = answer.body as RawBody;
  return {
    status,
    headers: {
      'content-type': endpoint.answer.contentType,
      'cache-control': 'no-store',
      ...headers,
      ...answer.headers,
    },
    ...(raw !== undefined && { body: raw instanceof Readable ? (Readable.toWeb(raw) as ReadableStream) : raw }),
  };
}

/** The answer that tells a caller about an error. */
export function problemResponse(error: GatewayError, path: string, headers: Record<string, string>): HttpResponseInit {
  const problem = toProblem(error, path);
  return {
    status: problem.status,
    headers: {
      ...headers,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
    },
    body: JSON.stringify(problem),
  };
}

function traceOf(request: HttpRequest): Record<string, string> {
  const traceparent = request.headers.get('traceparent');
  return traceparent !== null && /^[0-9a-f-]{55}$/.test(traceparent) ? { traceparent } : {};
}

/** What callers did wrong is theirs to read in the answer; what went wrong here is ours to read in the log. */
function logError(error: GatewayError, context: InvocationContext): void {
  if (error.meaning.actor === 'caller') return;
  createLog(context).error(error.message, { code: error.code, cause: error.cause });
}
