import type { Call } from '../shared/call.ts';
import type { IncomingState } from '../servers/incoming-server.ts';
import { fetchMailbox } from './fetch-mailbox.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { dueUntil } from './queue-due-mailboxes.ts';

/**
 * Reads a shard of mailboxes, all at the same time, for they mostly wait: one that hangs keeps no other waiting. What is
 * known of them is read at once.
 * @param which `due`: all but those that somebody has read since they were found to be due
 * @throws AggregateError of what kept mailboxes from being read, when our own storage failed
 */
export async function fetchMailboxes(
  call: Call,
  serverIds: readonly string[],
  which: 'due' | undefined,
  ports: FetchPorts,
): Promise<void> {
  const [servers, states] = await Promise.all([
    ports.incomingServers.among(serverIds),
    ports.incomingStates.among(serverIds),
  ]);
  const isRead = ({ nextFetchAt = '' }: IncomingState): boolean =>
    which === 'due' && nextFetchAt > dueUntil(call.now());
  const readings = [...servers].map(async ([id, stored]) => {
    const seen = states.get(id);
    if (stored.value.state !== 'confirmed') return;
    if (seen?.state !== undefined && isRead(seen.state)) return;
    await fetchMailbox(call, stored, seen, ports);
  });
  const failed = (await Promise.allSettled(readings)).filter((reading) => reading.status === 'rejected');
  if (failed.length === 0) return;
  throw new AggregateError(
    failed.map(({ reason }) => reason as unknown),
    'Mailboxes could not be read.',
  );
}
