import type { Secret } from '../shared/secret.ts';

/** One signed request. */
export interface WebhookRequest {
  readonly url: string;
  /** The `webhook-id`. */
  readonly id: string;
  readonly body: string;
  readonly secret: Secret;
}

/**
 * Posts an event, signed as Standard Webhooks 1.0.0 says. Resolves when the receiver answered 2xx.
 * @throws GatewayError `destination-refused` (with `data.retryAfter` where the receiver named it),
 *   `destination-forbidden` when the address is private and not allowed
 */
export type PostWebhook = (request: WebhookRequest, signal: AbortSignal, now: Date) => Promise<void>;
