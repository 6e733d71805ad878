import type { LookupFunction } from 'node:net';
import type { PostWebhook } from '../events/webhook-poster.ts';
import { GatewayError } from '../shared/errors.ts';

const timeout = 20_000;

/**
 * Posts webhooks over HTTP(S). Every address is judged when it is connected to, after DNS: one that is not public is
 * refused unless it lies in one of the networks the operator allowed, and only there plain http is taken. Redirects are
 * not followed.
 */
export function createWebhookPoster(allowedNetworks: readonly string[]): PostWebhook {
  return async ({ url, id, body, secret }, signal, now) => {
    const [{ default: standardWebhooks }, { createAddressGuard }, http, https, dns] = await Promise.all([
      import('standardwebhooks'),
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
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Postern',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new standardWebhooks.Webhook(secret.reveal()).sign(id, now, body),
    };
    await new Promise<void>((resolve, reject) => {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
      const request = (plain ? http : https).request(target, {
        method: 'POST',
        headers,
        lookup,
        signal: bounded,
        agent: false,
      });
      request.on('response', (response) => {
        // Only the status counts; a body is neither wanted nor read.
        response.destroy();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve();
        else reject(refusedBy(status, response.headers['retry-after'], now));
      });
      request.on('error', (cause) => {
        reject(cause instanceof GatewayError ? cause : unreachable(cause));
      });
      request.end(body);
    });
  };
}

function refusedBy(status: number, retryAfter: string | undefined, now: Date): GatewayError {
  const seconds = retryAfter === undefined ? Number.NaN : Number(retryAfter);
  const wait = Number.isNaN(seconds) ? (Date.parse(retryAfter ?? '') - now.getTime()) / 1000 : seconds;
  return new GatewayError('destination-refused', `The webhook answered ${status}.`, {
    data: {
      upstream: { protocol: 'http', code: String(status) },
      ...(wait > 0 && { retryAfter: Math.min(Math.ceil(wait), 86_400) }),
      remedy: 'Answer 2xx within 20 seconds; redirects are not followed.',
    },
  });
}

function unreachable(cause: Error): GatewayError {
  const code = 'code' in cause ? String(cause.code) : cause.name;
  return new GatewayError('destination-refused', `The webhook could not be reached (${code}).`, {
    cause,
    data: { remedy: 'Check its URL, its DNS name and its certificate.' },
  });
}
