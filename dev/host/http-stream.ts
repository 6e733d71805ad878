import { Agent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { answerEmpty } from './answer-empty.ts';
import { joinedHeaders } from './http-classic.ts';
import { FunctionTimeoutError } from './invoker.ts';
import type { Invocation, Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import { forwardedPath, joinedQuery } from './paths.ts';
import type { RouteMatch } from './routes.ts';
import type { TypedData } from './rpc.ts';

// The real host's forwarder (YARP) gives up after this long without a byte in either direction; measured as a 240 s hang.
const silenceLimit = 240_000;
const hopByHop = new Set([
  ...['connection', 'expect', 'host', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'x-forwarded-host', 'x-forwarded-proto'],
]);
// Kept alive, as a server that closes its connection after an answer cuts off a body it has not read.
const agent = new Agent({ keepAlive: true });

/**
 * Answers a request of a streaming app: the call is announced through the library's model while the request itself is
 * forwarded to the library's HTTP server, matched by the header x-ms-invocation-id. A handler that throws or returns
 * nothing never answers; the caller then waits for 240 s and gets a 500, as in Azure.
 */
export async function answerStreaming(
  invoker: Invoker,
  match: RouteMatch,
  request: IncomingMessage,
  response: ServerResponse,
  options: { bodyLimit: number; log: Log },
): Promise<void> {
  const headers = joinedHeaders(request);
  const invocation = await invoker.start(match.metadata, {
    data: { http: { method: request.method ?? 'GET', url: request.url ?? '/' } },
    metadata: triggerMetadata(match, request, headers),
    traceParent: headers['traceparent'],
    traceState: headers['tracestate'],
  });
  const forward = openForward(invocation, request, headers);
  forward.flushHeaders();
  // The forward ends with the caller; the handler does not, it runs on to its end.
  const onClose = () => {
    if (!response.writableFinished) cutOff(forward);
  };
  if (response.closed) onClose();
  else response.once('close', onClose);
  invocation.response.catch((error: unknown) => {
    if (error instanceof FunctionTimeoutError) forward.destroy(error);
  });
  try {
    const answered = answerOf(forward);
    sendBody(request, forward, options.bodyLimit);
    await copyAnswer(await answered, response);
    // The library's server does not read on for a handler that left a body unread.
    if (!forward.writableFinished) forward.destroy();
  } catch (error) {
    if (response.destroyed) return;
    options.log('Host', 'error', `Functions.${match.metadata.name} gave no answer: ${messageOf(error)}`);
    answerEmpty(response, 500);
  }
}

/** The app reads headers and parameters from here, not from the forwarded request. */
function triggerMetadata(
  match: RouteMatch,
  request: IncomingMessage,
  headers: Record<string, string>,
): Record<string, TypedData> {
  const query = joinedQuery(request.url ?? '/');
  const strings: Record<string, TypedData> = {};
  // The host merges the query into what the app sees as route parameters; a parameter of the route wins.
  for (const [name, value] of Object.entries({ ...query, ...match.params })) {
    if (name.toLowerCase() !== 'code' || name in match.params) strings[name] = { string: value };
  }
  return { ...strings, Query: { json: JSON.stringify(query) }, Headers: { json: JSON.stringify(headers) } };
}

function openForward(invocation: Invocation, request: IncomingMessage, headers: Record<string, string>): ClientRequest {
  const target = new URL(invocation.httpUri ?? '');
  const passedOn = Object.entries(headers).filter(([name]) => !hopByHop.has(name) && name !== 'content-length');
  return httpRequest({
    agent,
    hostname: target.hostname,
    port: target.port,
    method: request.method,
    path: forwardedPath(request.url ?? '/'),
    timeout: silenceLimit,
    headers: {
      ...Object.fromEntries(passedOn),
      ...bodyHeaders(request),
      // Whatever a client claims, the app's request.url has the host the server was asked by.
      'x-forwarded-host': headers['host'] ?? 'localhost',
      'x-forwarded-proto': 'http',
      'x-ms-invocation-id': invocation.id,
    },
  });
}

function bodyHeaders(request: IncomingMessage): Record<string, string> {
  if (isBodiless(request)) return {};
  return request.headers['transfer-encoding'] === undefined
    ? { 'content-length': request.headers['content-length'] ?? '0' }
    : { 'transfer-encoding': 'chunked' };
}

function isBodiless(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Not stream.pipeline: it would cut the caller's connection when a handler answers without reading the body. */
function sendBody(request: IncomingMessage, forward: ClientRequest, limit: number): void {
  if (isBodiless(request)) {
    request.resume();
    forward.end();
    return;
  }
  let length = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length > limit) done(new Error(`The body is larger than ${limit} bytes.`));
      else done(null, chunk);
    },
  });
  limited.once('error', (error) => forward.destroy(error));
  forward.once('close', () => request.unpipe(limited).resume());
  request.pipe(limited).pipe(forward);
}

/** Not before the app's server has heard of the request, as a call whose request never comes would wait for ever. */
function cutOff(forward: ClientRequest): void {
  const { socket } = forward;
  const later = () => {
    cutOff(forward);
  };
  if (socket === null) forward.once('socket', later);
  else if (socket.connecting) socket.once('connect', later);
  else setImmediate(() => forward.destroy());
}

function answerOf(forward: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    forward.once('response', resolve);
    forward.once('timeout', () => forward.destroy(new Error(`Nothing came for ${silenceLimit / 1000} s.`)));
    forward.on('error', reject);
    forward.once('close', () => {
      reject(new Error('The connection to the worker was closed.'));
    });
  });
}

async function copyAnswer(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (!hopByHop.has(name)) response.setHeader(name, values ?? []);
  }
  response.writeHead(answer.statusCode ?? 200);
  response.flushHeaders();
  await pipeline(answer, response);
}
