import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { Delivery } from './delivery.ts';
import type { Destination } from './destination.ts';

/** Puts the destinations that have a delivery due on the deliver queue; disabled ones are left alone. */
export async function queueDueDeliveries(
  call: Call,
  ports: { destinations: Collection<Destination>; deliveries: Records<Delivery>; queues: WorkQueues },
): Promise<void> {
  for (const { value } of await ports.destinations.list()) {
    if (value.state === 'disabled') continue;
    const due = await ports.deliveries.due(value.id, call.now(), 1);
    if (due.length > 0) await ports.queues.deliver(value.id);
  }
}
