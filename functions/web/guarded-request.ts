import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { GatewayError } from '../shared/errors.ts';

export interface GuardedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
  readonly signal: AbortSignal;
  /** Octets of the answer that are read; what is longer is cut. Left out: only the status and headers are wanted. */
  readonly answerLimit?: number;
}

export interface GuardedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Posts to an address that an administrator named. @throws GatewayError `destination-refused`, `destination-forbidden` */
export type Post = (request: GuardedRequest) => Promise<GuardedAnswer>;

/** How long a connection is kept for the next request: less than the five seconds after which receivers commonly end theirs. */
const keptFor = 4_000;
/** How much of an answer that nobody wants is let pass, and how long that is waited for: then its connection can be kept. */
const drained = 64 * 1024;
const drainedFor = 1_000;

/**
 * Posts over HTTP(S). Every address is judged when it is connected to, after DNS: one that is not public is refused unless
 * it lies in one of the networks the operator allowed, and only there plain http is taken. Redirects are not followed. A
 * burst of requests shares connections.
 */
export function createGuardedPost(allowedNetworks: readonly string[]): Post {
  let opened: ReturnType<typeof openGuarded> | undefined;
  return async ({ url, headers, body, signal, answerLimit = 0 }) => {
    const { http, https, guard, lookupFor } = await (opened ??= openGuarded(allowedNetworks));
    const target = new URL(url);
    const plain = target.protocol === 'http:';
    guard.demandHost(target.hostname, plain);
    const { request: send, agent } = plain ? http : https;
    const options = {
      method: 'POST',
      headers: { 'user-agent': 'Postern', ...headers },
      lookup: lookupFor(plain),
      signal,
    };
    return new Promise<GuardedAnswer>((resolve, reject) => {
      const fail = (cause: Error): void => {
        reject(cause instanceof GatewayError ? cause : unreachable(cause));
      };
      const attempt = (over: Agent | false): void => {
        const request = send(target, { ...options, agent: over });
        request.on('response', (response) => {
          const { statusCode: status = 0, headers } = response;
          readUpTo(answerLimit, response).then((text) => {
            resolve({ status, headers, body: text });
          }, fail);
        });
        request.on('error', (cause) => {
          // The receiver ended a kept connection in this moment.
          if (request.reusedSocket && 'code' in cause && cause.code === 'ECONNRESET') attempt(false);
          else fail(cause);
        });
        if (typeof body === 'string') request.end(body);
        else {
          body.on('error', (cause: Error) => request.destroy(cause));
          request.on('close', () => body.destroy());
          body.pipe(request);
        }
      };
      // What is streamed cannot be sent again.
      attempt(typeof body === 'string' && agent);
    });
  };
}

async function openGuarded(allowedNetworks: readonly string[]) {
  const [{ createAddressGuard }, http, https, dns] = await Promise.all([
    import('./address-guard.ts'),
    import('node:http'),
    import('node:https'),
    import('node:dns'),
  ]);
  const guard = createAddressGuard(allowedNetworks);
  const kept = { keepAlive: true, timeout: keptFor };
  return {
    guard,
    http: { request: http.request, agent: new http.Agent(kept) },
    https: { request: https.request, agent: new https.Agent(kept) },
    lookupFor:
      (plain: boolean): LookupFunction =>
      (hostname, options, done) => {
        dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
          if (error !== null) {
            done(error, '');
            return;
          }
          const refused = addresses.find(({ address }) => !guard.mayReach(address, plain));
          if (refused !== undefined) done(guard.refusal(hostname, refused.address), '');
          else if (options.all === true) done(null, addresses);
          else done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4);
        });
      },
  };
}

/** Lets a short answer pass; a longer one, or one that takes its time, is ended with its connection. */
async function drain(response: Readable): Promise<void> {
  const timer = setTimeout(() => response.destroy(), drainedFor);
  let octets = 0;
  response.on('data', (chunk: Uint8Array) => {
    octets += chunk.byteLength;
    if (octets > drained) response.destroy();
  });
  // What was to be known of it is known.
  response.on('error', () => undefined);
  await new Promise((resolve) => response.on('close', resolve));
  clearTimeout(timer);
}

async function readUpTo(limit: number, response: Readable): Promise<string> {
  if (limit === 0) {
    await drain(response);
    return '';
  }
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    octets += chunk.byteLength;
    if (octets >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString();
}

function unreachable(cause: Error): GatewayError {
  const code = 'code' in cause ? String(cause.code) : cause.name;
  return new GatewayError('destination-refused', `The destination could not be reached (${code}).`, {
    cause,
    data: { remedy: 'Check its URL, its DNS name and its certificate.' },
  });
}
