import type { Readable } from 'node:stream';
import type { Secret } from '../shared/secret.ts';
import type { Destination, Odoo, StorageQueue, Webhook } from './destination.ts';

/** An event as it goes out. */
export interface Parcel {
  /** The event's id: the same on every retry. */
  readonly id: string;
  /** The event as JSON: `{type, timestamp, data}`. */
  readonly body: string;
  /** The received mail itself, octet by octet, for those who take mail. */
  readonly mail?: { readonly size: number; readonly open: () => Promise<Readable> };
}

/** What a courier is given on the way. */
export interface Errand<D extends Destination> {
  readonly destination: D;
  readonly parcel: Parcel;
  /** The destination's secrets, the one that counts first. */
  readonly secrets: readonly Secret[];
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * Hands an event over. Resolves when the destination has it.
 * @throws GatewayError `destination-refused` (with `data.retryAfter` where it was named), `event-refused` when it will
 *   never be taken, `destination-forbidden` when the address is private and not allowed
 */
export type Courier<D extends Destination> = (errand: Errand<D>) => Promise<void>;

export interface Couriers {
  readonly webhook: Courier<Webhook>;
  readonly queue: Courier<StorageQueue>;
  readonly odoo: Courier<Odoo>;
}

/** Hands an event over by the courier for its destination. @throws see Courier */
export function handOver(errand: Errand<Destination>, couriers: Couriers): Promise<void> {
  const { destination } = errand;
  switch (destination.kind) {
    case 'webhook':
      return couriers.webhook({ ...errand, destination });
    case 'queue':
      return couriers.queue({ ...errand, destination });
    case 'odoo':
      return couriers.odoo({ ...errand, destination });
  }
}
