import type { Cause } from '../shared/errors.ts';
import type { SubscribableEvent } from './event.ts';

/** Where events are delivered. */
export interface Destination {
  readonly id: string;
  readonly kind: 'webhook';
  readonly name: string;
  readonly url: string;
  /** The name of the secret that signs (Standard Webhooks, `whsec_...`). */
  readonly secretName: string;
  /** What it is told about besides the mail of the incoming servers that name it. */
  readonly events: readonly SubscribableEvent[];
  readonly createdAt: string;
}

/** What delivering to a destination has come to. */
export interface DestinationState {
  readonly lastDeliveredAt?: string;
  readonly lastError?: Cause;
}
