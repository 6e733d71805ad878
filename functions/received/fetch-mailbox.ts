import { raiseEvents } from '../events/raise-events.ts';
import { placeOf, type IncomingServer, type IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { causeOf, toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { Seen, StateLease } from '../shared/lease.ts';
import { afterFailure, disabledEvent, failingEvent, sinceConfirmed } from './after-failure.ts';
import { disableIncomingServer } from './disable-incoming-server.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { isBroken } from './keep-around.ts';
import { createMailboxTurn } from './mailbox-turn.ts';

const minute = 60_000;
/** No batch is begun after this: the rest is queued again, behind what others have waiting, and read on where this stopped. */
const readFor = minute;

/** What a turn has come to, and what is left to do: nothing, more right away, or to wait. */
interface Outcome {
  readonly state: IncomingState | undefined;
  readonly left: 'nothing' | 'more' | 'wait';
}

/**
 * Reads what is new in a mailbox, alone across all instances. What is in the mailbox stays as it is, unless the server's
 * `afterFetch` says otherwise. A mailbox that cannot be read is noted, with the time of the next try; that is told when it
 * goes on, and after days the server is disabled. Where nothing is new its state is written twice: to take the lease, and
 * to keep what was found and give the lease back.
 * @param found the server as it was read a moment ago; it is read again before any mail is kept
 * @param seen its state, likewise
 * @throws GatewayError when our own storage fails
 */
export async function fetchMailbox(
  call: Call,
  found: Stored<IncomingServer>,
  seen: Seen<IncomingState> | undefined,
  ports: FetchPorts,
): Promise<void> {
  const { id } = found.value;
  const lease = await ports.incomingStates.take(id, seen);
  if (lease === undefined) return;
  let outcome: Outcome;
  try {
    outcome = await readUntilReleased(call, found, lease, ports);
  } catch (thrown) {
    await lease.drop();
    throw thrown;
  }
  if (outcome.left === 'nothing') return;
  await lease.drop(outcome.state);
  if (outcome.left === 'more') await ports.queues.fetch([id]);
}

/** Reads, and again whenever somebody left word meanwhile. With nothing left the lease is given back. */
async function readUntilReleased(
  call: Call,
  found: Stored<IncomingServer>,
  lease: StateLease<IncomingState>,
  ports: FetchPorts,
): Promise<Outcome> {
  const { id } = found.value;
  const until = call.now().getTime() + readFor;
  const signal = AbortSignal.any([call.signal, lease.signal]);
  const isOver = (): boolean => signal.aborted || call.now().getTime() > until;
  let outcome = await readOnce({ ...call, signal }, found, lease, lease.state, isOver, ports);
  while (outcome.left === 'nothing' && !(await lease.release(outcome.state))) {
    if (isOver()) return { ...outcome, left: 'more' };
    // Whatever was changed before the word was left counts.
    const now = await ports.incomingServers.get(id);
    outcome = await readOnce({ ...call, signal }, now, lease, outcome.state, isOver, ports);
  }
  return outcome;
}

async function readOnce(
  call: Call,
  stored: Stored<IncomingServer> | undefined,
  lease: StateLease<IncomingState>,
  kept: IncomingState | undefined,
  isOver: () => boolean,
  ports: FetchPorts,
): Promise<Outcome> {
  if (stored?.value.state !== 'confirmed') return { state: kept, left: 'nothing' };
  const server = stored.value;
  const place = placeOf(server);
  const before = kept?.place === place ? sinceConfirmed(kept, server) : { place, cursors: [], failures: 0 };
  const turn = createMailboxTurn(call, server, before, isOver, (state) => lease.keep(state), ports);
  try {
    const trouble = await turn.readAll();
    const left = isOver() ? 'more' : 'nothing';
    // With more to read it stays due, should the entry that says so get lost.
    const every = left === 'more' ? 0 : server.every;
    return { state: afterReading(call.now(), every, turn.state(), trouble), left };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('A mailbox could not be read.', { incomingServer: server.id, code: error.code, cause: error.cause });
    const state = afterFailure(call.now(), turn.state(), error, Math.random());
    const failing = failingEvent(server, state);
    // Told first: whoever dies before the failure is kept fails a third time once more.
    if (failing !== undefined) await raiseEvents([failing], ports);
    const disabled = disabledEvent(call.now(), server, state);
    if (disabled !== undefined && !call.signal.aborted) {
      await lease.keep(state);
      await disableIncomingServer(call, stored, disabled, ports);
    }
    // Where mail has come through before the connection broke, the next one brings more.
    return { state, left: turn.hasKept() && isBroken(error) && !call.signal.aborted ? 'more' : 'wait' };
  }
}

/** @param every minutes until the next look */
function afterReading(
  now: Date,
  every: number,
  { place, cursors }: IncomingState,
  trouble: GatewayError | undefined,
): IncomingState {
  return {
    place,
    cursors,
    failures: 0,
    lastFetchAt: now.toISOString(),
    nextFetchAt: new Date(now.getTime() + every * minute).toISOString(),
    ...(trouble !== undefined && { lastError: causeOf(trouble, now) }),
  };
}
