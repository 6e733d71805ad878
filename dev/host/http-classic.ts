import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answerEmpty } from './answer-empty.ts';
import type { Invoker } from './invoker.ts';
import { joinedQuery } from './paths.ts';
import type { RouteMatch } from './routes.ts';
import type { HttpData, InvocationResponse, TypedData } from './rpc.ts';
import { setCookieOf } from './set-cookie.ts';

/**
 * Answers a request without streaming: the body is read before the call and the answer written after it. A handler that
 * throws is a 500 with an empty body, one that returns nothing a 204.
 */
export async function answerClassic(
  invoker: Invoker,
  match: RouteMatch,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const data = await toHttpData(match, request);
  let result: InvocationResponse;
  try {
    result = await invoker.run(match.metadata, {
      data: { http: data },
      metadata: {},
      traceParent: data.headers?.['traceparent'],
      traceState: data.headers?.['tracestate'],
    });
  } catch {
    answerEmpty(response, 500);
    return;
  }
  writeAnswer(httpOutput(match, result), response);
}

/** All headers by lower-case name, repeated ones joined with commas. */
export function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = (values ?? []).join(',');
  return headers;
}

async function toHttpData(match: RouteMatch, request: IncomingMessage): Promise<HttpData> {
  const url = request.url ?? '/';
  const headers = joinedHeaders(request);
  // A body of unknown length does not reach the app unless it streams: found by running the real host.
  const sized = Number(request.headers['content-length'] ?? 0) > 0;
  const bytes = sized ? await buffer(request) : undefined;
  if (!sized) request.resume();
  return {
    method: request.method ?? 'GET',
    url: `http://${headers['host'] ?? 'localhost'}${url}`,
    headers,
    params: match.params,
    query: joinedQuery(url),
    ...(bytes === undefined ? {} : { body: { bytes } }),
  };
}

function httpOutput(match: RouteMatch, result: InvocationResponse): HttpData | undefined {
  const outputs = [{ name: '$return', data: result.returnValue ?? {} }, ...(result.outputData ?? [])];
  return outputs.find(({ name, data }) => data.http !== undefined && match.metadata.bindings[name]?.direction === 'out')
    ?.data.http;
}

function writeAnswer(answer: HttpData | undefined, response: ServerResponse): void {
  if (answer === undefined) {
    answerEmpty(response, 204);
    return;
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (!framing.has(name.toLowerCase())) response.setHeader(name, value);
  }
  for (const cookie of answer.cookies ?? []) response.appendHeader('set-cookie', setCookieOf(cookie));
  response.statusCode = Number(answer.statusCode ?? 200);
  response.end(bodyOf(answer.body));
}

const framing = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

function bodyOf(body: TypedData | null | undefined): Uint8Array | string | undefined {
  return body?.bytes ?? body?.string ?? body?.json;
}
