import type { Cause } from '../shared/errors.ts';
import type { SubscribableEvent } from './event.ts';

interface Common {
  readonly id: string;
  readonly name: string;
  /** What it is told about besides the mail of the incoming servers that name it. */
  readonly events: readonly SubscribableEvent[];
  /** A disabled one is left alone; what is on its way to it waits. */
  readonly state: 'active' | 'disabled';
  /** Why it was disabled, when it was not by hand. */
  readonly cause?: Cause;
  /** Deliveries to it at the same time. */
  readonly concurrency: number;
  readonly createdAt: string;
}

/** Standard Webhooks. */
export interface Webhook extends Common {
  readonly kind: 'webhook';
  readonly url: string;
  /** The name of the secret that signs (`whsec_...`). */
  readonly secretName: string;
  /** The secret before it, which signs as well until the receiver has had time to change (ISO 8601). */
  readonly former?: { readonly secretName: string; readonly until: string };
}

/** A queue of Azure Storage, written to by the identity Postern runs as. */
export interface StorageQueue extends Common {
  readonly kind: 'queue';
  readonly queueUrl: string;
}

/** An Odoo database, which takes received mail as from its own mail gateway. */
export interface Odoo extends Common {
  readonly kind: 'odoo';
  readonly url: string;
  readonly database: string;
  readonly username: string;
  /** The name of the secret that keeps the user's API key. */
  readonly secretName: string;
}

/** Where events are delivered. */
export type Destination = Webhook | StorageQueue | Odoo;

/** What delivering to a destination has come to. */
export interface DestinationState {
  readonly lastDeliveredAt?: string;
  readonly lastError?: Cause;
  /** It takes its time. */
  readonly isSlow?: true;
}

/** The names of all secrets it has, the one that counts first. */
export function secretsOf(destination: Destination): string[] {
  if (destination.kind === 'queue') return [];
  const former = destination.kind === 'webhook' ? destination.former : undefined;
  return [destination.secretName, ...(former === undefined ? [] : [former.secretName])];
}
