import { placeOf, type IncomingServer, type IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import type { LeasedStates, StateLease } from '../shared/lease.ts';
import type { Comparison } from './compare-folder.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { withMissing } from './folder-cursor.ts';

/** The row with the cursors has room for so many; what is more is found again by the next audit. */
const refetchedAtOnce = 1_000;

/**
 * Has missing mail read again: it is noted among what the reader tries again, and the reader is called. Answers how many
 * mails. Reading a mail a second time makes the same row and the same event.
 * @param take how the right to read the mailbox is taken
 * @throws GatewayError `mailbox-in-use` when somebody is reading it
 */
export async function refetchMissing(
  call: Call,
  server: IncomingServer,
  comparisons: readonly Comparison[],
  take: () => Promise<StateLease<IncomingState> | undefined>,
  { queues }: Pick<FetchPorts, 'queues'>,
): Promise<number> {
  const lease = await take();
  if (lease === undefined) {
    throw new GatewayError('mailbox-in-use', `${server.id} is being read.`, { data: { retryAfter: 60 } });
  }
  const { state } = lease;
  if (state?.place !== placeOf(server)) {
    await lease.drop();
    return 0;
  }
  let refetched = 0;
  const cursors = state.cursors.map((cursor) => {
    const found = comparisons.find(({ audit }) => audit.folder === cursor.folder);
    if (found === undefined || found.audit.uidValidity !== cursor.uidValidity) return cursor;
    const infos = found.missing.slice(0, refetchedAtOnce - refetched);
    refetched += infos.length;
    return withMissing(cursor, infos, call.now());
  });
  await lease.drop({ ...state, cursors });
  await queues.fetch([server.id]);
  return refetched;
}

/** The right to read a mailbox; undefined while somebody has it. */
export async function takeMailbox(
  id: string,
  states: LeasedStates<IncomingState>,
): Promise<StateLease<IncomingState> | undefined> {
  return states.take(id, (await states.among([id])).get(id));
}
