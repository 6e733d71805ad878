import type { IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
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

/**
 * Posts over HTTP(S). Every address is judged when it is connected to, after DNS: one that is not public is refused unless
 * it lies in one of the networks the operator allowed, and only there plain http is taken. Redirects are not followed.
 */
export function createGuardedPost(allowedNetworks: readonly string[]): Post {
  return async ({ url, headers, body, signal, answerLimit = 0 }) => {
    const [{ createAddressGuard }, http, https, dns] = await Promise.all([
      import('./address-guard.ts'),
      import('node:http'),
      import('node:https'),
      import('node:dns'),
    ]);
    const guard = createAddressGuard(allowedNetworks);
    const target = new URL(url);
    const plain = target.protocol === 'http:';
    guard.demandHost(target.hostname, plain);
    const lookup: LookupFunction = (hostname, options, done) => {
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
    };
    return new Promise<GuardedAnswer>((resolve, reject) => {
      const fail = (cause: Error): void => {
        reject(cause instanceof GatewayError ? cause : unreachable(cause));
      };
      const options = {
        method: 'POST',
        headers: { 'user-agent': 'Postern', ...headers },
        lookup,
        signal,
        agent: false,
      };
      const request = (plain ? http : https).request(target, options);
      request.on('response', (response) => {
        const { statusCode: status = 0, headers } = response;
        response.on('error', fail);
        readUpTo(answerLimit, response).then((text) => {
          resolve({ status, headers, body: text });
        }, fail);
      });
      request.on('error', fail);
      if (typeof body === 'string') request.end(body);
      else {
        body.on('error', (cause: Error) => request.destroy(cause));
        request.on('close', () => body.destroy());
        body.pipe(request);
      }
    });
  };
}

async function readUpTo(limit: number, response: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  if (limit === 0) response.destroy();
  else {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      octets += chunk.byteLength;
      if (octets >= limit) break;
    }
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
