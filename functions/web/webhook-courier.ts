import type { Courier } from '../events/courier.ts';
import type { Webhook } from '../events/destination.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Post } from './guarded-request.ts';

const timeout = 20_000;

/** Posts events signed as Standard Webhooks 1.0.0 says, by each of the destination's secrets. */
export function createWebhookCourier(post: Post): Courier<Webhook> {
  return async ({ destination: { url }, parcel: { id, body }, secrets, signal, now }) => {
    const { default: standardWebhooks } = await import('standardwebhooks');
    const signatures = secrets.map((secret) => new standardWebhooks.Webhook(secret.reveal()).sign(id, now, body));
    const { status, headers } = await post({
      url,
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      },
    });
    if (status < 200 || status > 299) throw refusedBy(status, headers['retry-after'], now);
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
