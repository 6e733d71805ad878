import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { deliveredAgain, newDelivery, type Delivery } from './delivery.ts';
import type { GatewayEvent } from './event.ts';

interface Ports {
  readonly deliveries: Records<Delivery>;
  readonly queues: WorkQueues;
}

/**
 * Delivers once more what was delivered or given up, under the same event id.
 * @throws GatewayError `not-found`, `conflict` when it is on its way
 */
export async function retryDelivery(call: Call, id: string, { deliveries, queues }: Ports): Promise<Delivery> {
  const delivery = await deliveries.get(id);
  if (delivery === undefined) throw new GatewayError('not-found', `There is no ${id.slice(0, 100)}.`);
  const kept = await deliveries.amend(id, (now) => again(call, now));
  if (kept === undefined) throw new GatewayError('conflict', `${id} is on its way.`);
  await queues.deliver(kept.destination);
  return kept;
}

/** Has an event delivered to destinations, once more to those that had it; what is on its way to them stays so. */
export async function deliverAgain(
  call: Call,
  event: GatewayEvent,
  destinations: readonly string[],
  { deliveries, queues }: Ports,
): Promise<void> {
  for (const destination of destinations) {
    const delivery = newDelivery(destination, event);
    await deliveries.add([{ record: delivery, dueAt: delivery.createdAt }]);
    await deliveries.amend(delivery.id, (kept) => again(call, kept));
    await queues.deliver(destination);
  }
}

function again(call: Call, delivery: Delivery): { record: Delivery; dueAt: string } | undefined {
  if (delivery.status === 'pending') return undefined;
  return { record: deliveredAgain(delivery, call.now()), dueAt: call.now().toISOString() };
}
