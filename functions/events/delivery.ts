import { backOff } from '../shared/back-off.ts';
import { causeOf, type Cause, type GatewayError } from '../shared/errors.ts';
import { hashKey, keyOf } from '../shared/ids.ts';
import type { GatewayEvent } from './event.ts';

/** One event on its way to one destination. */
export interface Delivery {
  readonly id: string;
  readonly destination: string;
  readonly event: GatewayEvent;
  /** `parked` means given up; it can be delivered again by hand. */
  readonly status: 'pending' | 'delivered' | 'parked';
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  readonly deliveredAt?: string;
  readonly cause?: Cause;
  readonly createdAt: string;
}

/** The id of an event's delivery to a destination: always the same for the two, in the order of what the events are about. */
export function deliveryIdOf(destination: string, event: GatewayEvent): string {
  return `dlv_${keyOf(destination)}${event.id.slice(-20, -10)}${hashKey(event.id)}`;
}

export function newDelivery(destination: string, event: GatewayEvent): Delivery {
  return {
    id: deliveryIdOf(destination, event),
    destination,
    event,
    status: 'pending',
    attempts: 0,
    nextAttemptAt: event.timestamp,
    createdAt: event.timestamp,
  };
}

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Standard Webhooks' schedule: about three days in all. */
const retrySteps = [
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
];

/** The delivery after its destination took the event. */
export function delivered({ nextAttemptAt, cause, ...delivery }: Delivery, now: Date): Delivery {
  return { ...delivery, status: 'delivered', attempts: delivery.attempts + 1, deliveredAt: now.toISOString() };
}

/** The delivery after its destination did not take the event; `chance` (0 to 1) spreads the retries. */
export function notDelivered(
  { nextAttemptAt, ...delivery }: Delivery,
  error: GatewayError,
  now: Date,
  chance: number,
): Delivery {
  const attempts = delivery.attempts + 1;
  const cause = causeOf(error, now);
  if (attempts > retrySteps.length || isFinal(error)) return { ...delivery, status: 'parked', attempts, cause };
  const wait = Math.max(backOff(retrySteps, attempts, chance), (error.data.retryAfter ?? 0) * seconds);
  return { ...delivery, attempts, cause, nextAttemptAt: new Date(now.getTime() + wait).toISOString() };
}

/** The delivery to be tried at once, as often as a new one. */
export function deliveredAgain({ cause, deliveredAt, ...delivery }: Delivery, now: Date): Delivery {
  return { ...delivery, status: 'pending', attempts: 0, nextAttemptAt: now.toISOString() };
}

/** What will not change by itself. */
function isFinal({ meaning }: GatewayError): boolean {
  return meaning.tryAgain === 'never';
}
