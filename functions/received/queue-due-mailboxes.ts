import type { RaisePorts } from '../events/raise-events.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, ReadStates, Stored } from '../shared/collection.ts';
import { tellDisabled } from './disable-incoming-server.ts';

interface Ports extends RaisePorts {
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: ReadStates<IncomingState>;
}

/** Mailboxes in one queue entry: read at the same time by one instance. */
const shard = 20;
const minute = 60_000;
/** Of turns that take 14 minutes at most: who has been due for longer is read by nobody. */
const late = 20 * minute;

/** The timer ticks once a minute: what becomes due before the next tick is due now. ISO 8601. */
export function dueUntil(now: Date): string {
  return new Date(now.getTime() + 30_000).toISOString();
}

/**
 * Puts the incoming servers that are due on the fetch queue, in shards, the one with the longest due first; and tells of
 * those that were disabled what a crash has left untold. The log says when mailboxes are read late: the queue is not worked
 * off.
 */
export async function queueDueMailboxes(call: Call, ports: Ports): Promise<void> {
  const [servers, states] = await Promise.all([ports.incomingServers.list(), ports.incomingStates.list()]);
  const dueAt = (id: string): string => states.get(id)?.nextFetchAt ?? '';
  const horizon = dueUntil(call.now());
  const due = servers
    .filter(({ value }) => value.state === 'confirmed' && dueAt(value.id) <= horizon)
    .map(({ value }) => value.id);
  noteLate(call, servers, states);
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

function noteLate(call: Call, servers: readonly Stored<IncomingServer>[], states: ReadonlyMap<string, IncomingState>) {
  const latest = new Date(call.now().getTime() - late).toISOString();
  const waiting = servers
    .filter(({ value }) => value.state === 'confirmed')
    // What was due before it was confirmed was not waited for.
    .map(({ value: { id, confirmedAt = '' } }) => [states.get(id)?.nextFetchAt ?? '', confirmedAt].sort().at(-1) ?? '')
    .filter((since) => since !== '' && since < latest)
    .sort();
  if (waiting.length > 0) {
    call.log.warn('Mailboxes are not read in time.', { mailboxes: waiting.length, since: waiting[0] });
  }
}
