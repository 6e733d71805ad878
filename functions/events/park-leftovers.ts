import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import { causeOf, GatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { Delivery } from './delivery.ts';
import type { DestinationState } from './destination.ts';

const atOnce = 30;
/** Later than anything is due. */
const forever = new Date('9999-12-31T23:59:59Z');

/** Gives up all deliveries to a destination that was removed, also those that were to be tried later. */
export async function parkLeftovers(
  call: Call,
  destinationId: string,
  { deliveries, destinationStates }: { deliveries: Records<Delivery>; destinationStates: States<DestinationState> },
): Promise<void> {
  const cause = causeOf(new GatewayError('not-found', 'The destination was removed.'), call.now());
  for (;;) {
    const jobs = await deliveries.due(destinationId, forever, atOnce);
    if (jobs.length === 0) return;
    // By its state those find it who forget what is old, also where nothing was ever delivered.
    await destinationStates.put(destinationId, { ...(await destinationStates.get(destinationId)), lastError: cause });
    const steps = jobs.map((job) => {
      const { nextAttemptAt, ...delivery } = job.record;
      return { job, record: { ...delivery, status: 'parked' as const, cause } };
    });
    // Somebody else is at it, or the time is over: the next entry of the queue goes on.
    if ((await deliveries.step(steps)) === undefined || call.signal.aborted) return;
  }
}
