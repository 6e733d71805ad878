import { deliverAgain } from '../events/deliver-again.ts';
import type { Delivery } from '../events/delivery.ts';
import type { Destination } from '../events/destination.ts';
import { receivedEvent } from '../events/event.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { asReceived, wasRead, type ReceivedMessage } from './received-message.ts';

export interface ReplayPorts {
  readonly incomingServers: Collection<IncomingServer>;
  readonly destinations: Collection<Destination>;
  readonly received: Records<ReceivedMessage>;
  readonly deliveries: Records<Delivery>;
  readonly queues: WorkQueues;
}

/**
 * Delivers a received mail once more, under the same event id; one that was parked or dropped counts as received then. It
 * goes where the caller says; else where its rule said, as far as that is still there, else where its server says now.
 * @throws GatewayError `conflict` when it was never read, or there is nowhere to deliver it
 */
export async function replayReceived(
  call: Call,
  row: ReceivedMessage,
  wanted: readonly string[] | undefined,
  ports: ReplayPorts,
): Promise<{ destinations: readonly string[] }> {
  if (!wasRead(row)) throw new GatewayError('conflict', `${row.id} could not be read from the mailbox.`);
  const destinations = (await replayRoutes(row.incomingServer, wanted, ports))(row);
  if (destinations.length === 0) throw nowhere(row.incomingServer);
  await replayTo(call, [row], destinations, ports);
  return { destinations };
}

/** Says where each mail of a server goes that is delivered by hand. */
export async function replayRoutes(
  incomingServer: string,
  wanted: readonly string[] | undefined,
  { incomingServers, destinations }: Pick<ReplayPorts, 'incomingServers' | 'destinations'>,
): Promise<(row: ReceivedMessage) => readonly string[]> {
  if (wanted !== undefined) return () => wanted;
  const [server, there] = await Promise.all([incomingServers.get(incomingServer), destinations.list()]);
  const known = new Set(there.map(({ value }) => value.id));
  return (row) => {
    const ofRule = (row.destinations ?? []).filter((id) => known.has(id));
    return ofRule.length > 0 ? ofRule : (server?.value.destinations ?? []);
  };
}

/** Has mail delivered again. The rows change last: whoever dies before that finds parked mail parked still. */
export async function replayTo(
  call: Call,
  rows: readonly ReceivedMessage[],
  destinations: readonly string[],
  ports: ReplayPorts,
): Promise<void> {
  const events = rows.map(({ id, fetchedAt }) => receivedEvent(id, new Date(fetchedAt)));
  await deliverAgain(call, events, destinations, ports);
  for (const { id, status } of rows) {
    if (status === 'received') continue;
    await ports.received.amend(id, (row) => (row.status === 'received' ? undefined : { record: asReceived(row) }));
  }
}

/** There is nowhere to deliver mail of this server. */
export function nowhere(incomingServer: string): GatewayError {
  return new GatewayError('conflict', `${incomingServer} has no destinations.`, {
    data: {
      remedy: `Name some here, or for all its mail: PATCH /v1/incoming-servers/${incomingServer} {"destinations": [...]}.`,
    },
  });
}
