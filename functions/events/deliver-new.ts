import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import { attemptDeliveries, noteOutcomes, type Attempted } from './attempt-deliveries.ts';
import { deliveryLeaseOf, type DeliverPorts } from './deliver-due.ts';
import { newDelivery, type Delivery } from './delivery.ts';
import type { Destination } from './destination.ts';
import { disableGone } from './disable-destination.ts';
import type { GatewayEvent } from './event.ts';
import { queueAgain } from './queue-again.ts';

/** No attempt is begun after this: whoever has news for a slow destination has other work to do. */
const attemptFor = 2_000;

/**
 * Delivers new events at once, where their destination takes them and nobody else delivers to it, and keeps what has
 * become of each: a delivery that succeeds is written once. All others are kept as due, and queued. Whoever dies before
 * the end does it again, and then some events may come twice, with the same ids.
 * @throws GatewayError when our own storage fails
 */
export async function deliverNew(
  call: Call,
  destinationId: string,
  events: readonly GatewayEvent[],
  ports: DeliverPorts,
): Promise<void> {
  const deliveries = events.map((event) => newDelivery(destinationId, event));
  const destination = await findTaking(destinationId, ports);
  const lease = destination && (await ports.leases.take(deliveryLeaseOf(destinationId)));
  if (destination === undefined || lease === undefined) {
    await keep(deliveries, ports);
    await ports.queues.deliver(destinationId);
    return;
  }
  let isReleased = false;
  try {
    const until = call.now().getTime() + attemptFor;
    const within = { ...call, signal: AbortSignal.any([call.signal, lease.signal]) };
    const isOver = (): boolean => within.signal.aborted || call.now().getTime() > until;
    const attempted = await attempt(within, destination.value, deliveries, isOver, ports);
    const { outcomes, gone } = attempted;
    const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
    await keep(
      deliveries.map((delivery) => byId.get(delivery.id) ?? delivery),
      ports,
    );
    if (gone !== undefined) await disableGone(call, destination, gone, ports);
    if (outcomes.length > 0) await noteOutcomes(call, destination.value, attempted, ports);
    const isLeft = outcomes.length < deliveries.length;
    isReleased = !isLeft && (await lease.release());
    if (isReleased) await queueAgain(call, destinationId, outcomes, ports);
  } finally {
    if (!isReleased) await lease.drop();
  }
  if (!isReleased) await ports.queues.deliver(destinationId);
}

/** The destination where it can be expected to take events at once: it is not disabled, and took the last, without delay. */
async function findTaking(
  id: string,
  { destinations, destinationStates }: DeliverPorts,
): Promise<Stored<Destination> | undefined> {
  const [destination, state] = await Promise.all([destinations.get(id), destinationStates.get(id)]);
  const { lastError, lastDeliveredAt = '', isSlow = false } = state ?? {};
  const tookTheLast = lastDeliveredAt > '' && lastDeliveredAt >= (lastError?.at ?? '');
  return destination?.value.state === 'active' && tookTheLast && !isSlow ? destination : undefined;
}

async function attempt(
  call: Call,
  destination: Destination,
  deliveries: readonly Delivery[],
  isOver: () => boolean,
  ports: DeliverPorts,
): Promise<Attempted> {
  try {
    return await attemptDeliveries(call, destination, deliveries, isOver, ports);
  } catch (thrown) {
    // Whoever hears the queue fails again, and is asked about it.
    call.log.warn('New events are left to the queue.', {
      destination: destination.id,
      code: toGatewayError(thrown).code,
    });
    return { outcomes: [], isSlow: false };
  }
}

async function keep(deliveries: readonly Delivery[], ports: DeliverPorts): Promise<void> {
  await ports.deliveries.add(
    deliveries.map((record) =>
      record.nextAttemptAt === undefined ? { record } : { record, dueAt: record.nextAttemptAt },
    ),
  );
}
