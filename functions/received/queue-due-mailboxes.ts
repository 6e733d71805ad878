import type { RaisePorts } from '../events/raise-events.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, States } from '../shared/collection.ts';
import { tellDisabled } from './disable-incoming-server.ts';

interface Ports extends RaisePorts {
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: States<IncomingState>;
}

/** Mailboxes in one queue entry: read at the same time by one instance. */
const shard = 20;

/**
 * Puts the incoming servers that are due on the fetch queue, in shards, the longest due first; and tells of those that
 * were disabled what a crash has left untold.
 */
export async function queueDueMailboxes(call: Call, ports: Ports): Promise<void> {
  const [servers, states] = await Promise.all([ports.incomingServers.list(), ports.incomingStates.list()]);
  const dueAt = (id: string): string => states.get(id)?.nextFetchAt ?? '';
  // The timer ticks once a minute: what becomes due before the next tick is due now.
  const horizon = new Date(call.now().getTime() + 30_000).toISOString();
  const due = servers
    .filter(({ value }) => value.state === 'confirmed' && dueAt(value.id) <= horizon)
    .map(({ value }) => value.id)
    .sort((a, b) => (dueAt(a) < dueAt(b) ? -1 : 1));
  for (let at = 0; at < due.length; at += shard) await ports.queues.fetch(due.slice(at, at + shard));
  for (const { value } of servers) if (value.untold !== undefined) await tellDisabled(call, value.id, ports);
}
