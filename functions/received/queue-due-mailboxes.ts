import type { RaisePorts } from '../events/raise-events.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, ReadStates } from '../shared/collection.ts';
import { tellDisabled } from './disable-incoming-server.ts';

interface Ports extends RaisePorts {
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: ReadStates<IncomingState>;
}

/** Mailboxes in one queue entry: read at the same time by one instance. */
const shard = 20;

/** The timer ticks once a minute: what becomes due before the next tick is due now. ISO 8601. */
export function dueUntil(now: Date): string {
  return new Date(now.getTime() + 30_000).toISOString();
}

/**
 * Puts the incoming servers that are due on the fetch queue, in shards, the one with the longest due first; and tells of
 * those that were disabled what a crash has left untold.
 */
export async function queueDueMailboxes(call: Call, ports: Ports): Promise<void> {
  const [servers, states] = await Promise.all([ports.incomingServers.list(), ports.incomingStates.list()]);
  const dueAt = (id: string): string => states.get(id)?.nextFetchAt ?? '';
  const horizon = dueUntil(call.now());
  const due = servers
    .filter(({ value }) => value.state === 'confirmed' && dueAt(value.id) <= horizon)
    .map(({ value }) => value.id);
  for (const { ids } of shardsOf(due, dueAt)) await ports.queues.fetch(ids, 'due');
  for (const { value } of servers) if (value.untold !== undefined) await tellDisabled(call, value.id, ports);
}

/** Neighbours by their ids, for their rows are read in one request. They are read at the same time; the shards in turn. */
function shardsOf(ids: readonly string[], dueAt: (id: string) => string) {
  const shards: { ids: readonly string[]; since: string }[] = [];
  for (let at = 0; at < ids.length; at += shard) {
    const some = ids.slice(at, at + shard);
    shards.push({ ids: some, since: some.map(dueAt).reduce((first, each) => (each < first ? each : first)) });
  }
  return shards.sort((one, other) => (one.since < other.since ? -1 : 1));
}
