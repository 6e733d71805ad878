import type { Call } from '../shared/call.ts';
import type { ReadStates, States } from '../shared/collection.ts';
import { ofThisMinute } from '../shared/of-this-minute.ts';
import type { Records } from '../shared/records.ts';
import { keptSince, sweepOld, type Swept } from '../shared/sweep-old.ts';
import type { Delivery } from './delivery.ts';
import type { DestinationState } from './destination.ts';
import { createRaisedAgain, type RaisedAgainPorts } from './raised-again.ts';

interface Ports extends RaisedAgainPorts {
  /** Left out: deliveries are kept for ever. */
  readonly historyDays?: number | undefined;
  readonly destinationStates: ReadStates<DestinationState>;
  readonly deliveries: Records<Delivery>;
  readonly swept: States<Swept>;
}

/**
 * Forgets deliveries that were made or given up so many days ago, as soon as their events cannot be raised again: what
 * has no delivery is delivered. Each destination has its minute of the hour.
 */
export async function forgetDeliveries(call: Call, ports: Ports): Promise<void> {
  if (ports.historyDays === undefined) return;
  const before = keptSince(call.now(), ports.historyDays);
  const isOld = (delivery: Delivery): boolean => isOver(delivery, before);
  const { deliveries: records, swept } = ports;
  // Whoever was delivered to has a state, also who was removed since.
  const destinations = [...(await ports.destinationStates.list()).keys()].toSorted();
  for (const destination of ofThisMinute(destinations, call.now())) {
    const raisedAgain = createRaisedAgain(ports);
    await sweepOld(call, destination, before, { records, swept }, async (some) => {
      const old = some.filter(isOld);
      const held = await raisedAgain(old.map(({ event }) => event));
      const over = old.filter(({ event }) => !held.has(event.id));
      await records.removeIf(
        over.map(({ id }) => id),
        isOld,
      );
    });
  }
}

function isOver({ status, deliveredAt, cause, createdAt }: Delivery, before: string): boolean {
  return status !== 'pending' && (deliveredAt ?? cause?.at ?? createdAt) < before;
}
