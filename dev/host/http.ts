import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnswerAdmin } from './admin.ts';
import { answerEmpty } from './answer-empty.ts';
import type { HostSettings } from './host-settings.ts';
import { answerClassic } from './http-classic.ts';
import { answerStreaming } from './http-stream.ts';
import type { Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import { decodedPath } from './paths.ts';
import type { MatchRoute } from './routes.ts';
import { createUnderWay } from './under-way.ts';

export interface HttpServer {
  readonly url: string;
  /** Takes no new connections. */
  close(): void;
  /** Closes the open ones when their requests are answered, after `patience` milliseconds in any case. */
  closed(patience: number): Promise<void>;
}

/** Serves the HTTP functions, the admin calls and the home page on 127.0.0.1. Rejects when the port is taken. */
export async function startHttp(options: {
  port: number;
  settings: HostSettings;
  streaming: boolean;
  masterKey: string;
  matchRoute: MatchRoute;
  answerAdmin: AnswerAdmin;
  invoker: Invoker;
  log: Log;
}): Promise<HttpServer> {
  const { settings, matchRoute, answerAdmin, invoker, log } = options;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodedPath(request.url ?? '/');
    const method = request.method ?? 'GET';
    if (answerAdmin(method, path, response)) return;
    if (path === '/' && settings.homepage) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(homepage);
      return;
    }
    const match = matchRoute(method, path);
    if (match === undefined) {
      answerEmpty(response, path === '/' ? 204 : 404);
    } else if (match.authLevel.toLowerCase() !== 'anonymous' && keyOf(request) !== options.masterKey) {
      answerEmpty(response, 401);
    } else if (Number(request.headers['content-length'] ?? 0) > settings.bodyLimit) {
      log('Host', 'error', `Request body too large. The max request body size is ${settings.bodyLimit} bytes.`);
      request.resume();
      answerEmpty(response, 500);
    } else if (options.streaming) {
      await answerStreaming(invoker, match, request, response, { bodyLimit: settings.bodyLimit, log });
    } else {
      await answerClassic(invoker, match, request, response);
    }
  }

  const requests = createUnderWay();
  const server = createServer(serverOptions, (request, response) => {
    requests.add(Promise.all([once(request, 'close'), once(response, 'close')]));
    answer(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      // Not the query: it may hold a secret.
      log('Host', 'error', `${request.method ?? ''} ${decodedPath(request.url ?? '/')} failed: ${messageOf(error)}`);
      answerEmpty(response, 500);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
    },
    async closed(patience) {
      await requests.drain(patience);
      server.closeAllConnections();
    },
  };
}

// As the real host's server has it: uploads may take their time, and connections are kept for 130 s.
const serverOptions = { requestTimeout: 0, keepAliveTimeout: 130_000 };
const homepage = '<!doctype html><html><body><h1>Your Functions app is up and running</h1></body></html>';

function keyOf(request: IncomingMessage): string | null {
  const header = request.headers['x-functions-key'];
  return typeof header === 'string' ? header : new URL(request.url ?? '/', 'http://host').searchParams.get('code');
}
