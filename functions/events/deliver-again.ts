import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import type { RecordQuery, Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { deliveredAgain, newDelivery, type Delivery } from './delivery.ts';
import type { GatewayEvent } from './event.ts';

interface Ports {
  readonly deliveries: Records<Delivery>;
  readonly queues: WorkQueues;
}

/** Which deliveries to a destination are made again: newest first, so many at a time. */
export interface RetryQuery extends Pick<RecordQuery, 'since' | 'before' | 'cursor' | 'limit'> {
  readonly destination: string;
  readonly status: 'delivered' | 'parked';
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

/** Makes one page of a destination's deliveries again. What is on its way by now stays so. */
export async function retryDeliveries(
  call: Call,
  { destination, ...query }: RetryQuery,
  { deliveries, queues }: Ports,
): Promise<{ retried: number; nextCursor: string | null }> {
  const { data, nextCursor } = await deliveries.list({ ...query, owners: [destination] });
  let retried = 0;
  for (const { id } of data) if ((await deliveries.amend(id, (kept) => again(call, kept))) !== undefined) retried++;
  if (retried > 0) await queues.deliver(destination);
  return { retried, nextCursor };
}

/** Has events delivered to destinations, once more to those that had them; what is on its way to them stays so. */
export async function deliverAgain(
  call: Call,
  events: readonly GatewayEvent[],
  destinations: readonly string[],
  { deliveries, queues }: Ports,
): Promise<void> {
  for (const destination of destinations) {
    const wanted = events.map((event) => newDelivery(destination, event));
    for (const { id } of wanted) await deliveries.amend(id, (kept) => again(call, kept));
    // Also where one was forgotten in this moment.
    await deliveries.add(wanted.map((record) => ({ record, dueAt: record.createdAt })));
    await queues.deliver(destination);
  }
}

function again(call: Call, delivery: Delivery): { record: Delivery; dueAt: string } | undefined {
  if (delivery.status === 'pending') return undefined;
  return { record: deliveredAgain(delivery, call.now()), dueAt: call.now().toISOString() };
}
