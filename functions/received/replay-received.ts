import { deliverAgain } from '../events/deliver-again.ts';
import type { Delivery } from '../events/delivery.ts';
import { receivedEvent } from '../events/event.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { ReceivedMessage } from './received-message.ts';

interface Ports {
  readonly incomingServers: Collection<IncomingServer>;
  readonly deliveries: Records<Delivery>;
  readonly queues: WorkQueues;
}

/**
 * Delivers a received mail once more, under the same event id, to the destinations its server has now.
 * @throws GatewayError `conflict` when it was never read, or there is nowhere to deliver it
 */
export async function replayReceived(
  call: Call,
  row: ReceivedMessage,
  ports: Ports,
): Promise<{ destinations: readonly string[] }> {
  if (row.status === 'parked') throw new GatewayError('conflict', `${row.id} could not be read from the mailbox.`);
  const destinations = (await ports.incomingServers.get(row.incomingServer))?.value.destinations ?? [];
  if (destinations.length === 0) {
    throw new GatewayError('conflict', `The server of ${row.id} has no destinations.`, {
      data: { remedy: `Name some: PATCH /v1/incoming-servers/${row.incomingServer} {"destinations": [...]}.` },
    });
  }
  await deliverAgain(call, receivedEvent(row.id, new Date(row.fetchedAt)), destinations, ports);
  return { destinations };
}
