import type { Collection } from '../shared/collection.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { newDelivery, type Delivery } from './delivery.ts';
import type { Destination } from './destination.ts';
import type { GatewayEvent } from './event.ts';

export interface RaisePorts {
  readonly destinations: Collection<Destination>;
  readonly deliveries: Records<Delivery>;
  readonly queues: WorkQueues;
}

/**
 * Has the destinations that subscribe to them told about events. Doing it again changes nothing: an event has one
 * delivery to a destination.
 */
export async function raiseEvents(events: readonly GatewayEvent[], ports: RaisePorts): Promise<void> {
  if (events.length === 0) return;
  for (const { value } of await ports.destinations.list()) {
    const wanted = events.filter(({ type }) => value.events.some((subscribed) => subscribed === type));
    if (wanted.length === 0) continue;
    const deliveries = wanted.map((event) => newDelivery(value.id, event));
    await ports.deliveries.add(deliveries.map((record) => ({ record, dueAt: record.createdAt })));
    await ports.queues.deliver(value.id);
  }
}
