import { raiseEvents } from '../events/raise-events.ts';
import { placeOf, type IncomingServer, type IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import { causeOf, toGatewayError, type GatewayError } from '../shared/errors.ts';
import { afterFailure, disabledEvent, failingEvent, sinceConfirmed } from './after-failure.ts';
import { disableIncomingServer } from './disable-incoming-server.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { createMailboxTurn } from './mailbox-turn.ts';

const minute = 60_000;
/** No batch is begun after this; the rest is queued again, and read on where this stopped. */
const readFor = 4 * minute;

/** What is left to do in a mailbox after a turn: nothing, more right away, or to wait. */
type Outcome = 'nothing' | 'more' | 'wait';

/**
 * Reads what is new in a mailbox, alone across all instances. What is in the mailbox stays as it is,
 * unless the server's `afterFetch` says otherwise. A mailbox that cannot be read is noted, with the time of the next try; that is told when it goes on, and after
 * days the server is disabled.
 * @throws GatewayError when our own storage fails
 */
export async function fetchMailbox(call: Call, serverId: string, ports: FetchPorts): Promise<void> {
  const lease = await ports.leases.take(`fetch-${serverId}`);
  if (lease === undefined) return;
  const until = call.now().getTime() + readFor;
  const signal = AbortSignal.any([call.signal, lease.signal]);
  const isOver = (): boolean => signal.aborted || call.now().getTime() > until;
  // Without the lease somebody else is writing it.
  const keep = async (state: IncomingState): Promise<void> => {
    if (!lease.signal.aborted) await ports.incomingStates.put(serverId, state);
  };
  let outcome: Outcome;
  let released = false;
  try {
    do {
      outcome = await readOnce({ ...call, signal }, serverId, isOver, keep, ports);
      released = outcome === 'nothing' && (await lease.release());
    } while (!released && outcome === 'nothing' && !isOver());
  } finally {
    if (!released) await lease.drop();
  }
  if (!released && outcome !== 'wait') await ports.queues.fetch([serverId]);
}

async function readOnce(
  call: Call,
  serverId: string,
  isOver: () => boolean,
  keep: (state: IncomingState) => Promise<void>,
  ports: FetchPorts,
): Promise<Outcome> {
  const stored = await ports.incomingServers.get(serverId);
  if (stored?.value.state !== 'confirmed') return 'nothing';
  const server = stored.value;
  const place = placeOf(server);
  const kept = await ports.incomingStates.get(serverId);
  const before = kept?.place === place ? sinceConfirmed(kept, server) : { place, cursors: [], failures: 0 };
  const turn = createMailboxTurn(call, server, before, isOver, keep, ports);
  try {
    const trouble = await turn.readAll();
    await keep(afterReading(call, server, turn.state(), trouble));
    return isOver() ? 'more' : 'nothing';
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('A mailbox could not be read.', { incomingServer: server.id, code: error.code, cause: error.cause });
    const state = afterFailure(call.now(), turn.state(), error, Math.random());
    const failing = failingEvent(server, state);
    // Told first: whoever dies before the failure is kept fails a third time once more.
    if (failing !== undefined) await raiseEvents([failing], ports);
    await keep(state);
    const disabled = disabledEvent(call.now(), server, state);
    if (disabled !== undefined && !call.signal.aborted) await disableIncomingServer(call, stored, disabled, ports);
    return 'wait';
  }
}

function afterReading(
  call: Call,
  server: IncomingServer,
  { place, cursors }: IncomingState,
  trouble: GatewayError | undefined,
): IncomingState {
  const now = call.now();
  return {
    place,
    cursors,
    failures: 0,
    lastFetchAt: now.toISOString(),
    nextFetchAt: new Date(now.getTime() + server.every * minute).toISOString(),
    ...(trouble !== undefined && { lastError: causeOf(trouble, now) }),
  };
}
