import { logIn } from '../servers/log-in.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import { backOff } from '../shared/back-off.ts';
import type { Call } from '../shared/call.ts';
import { causeOf, toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { keepMail } from './keep-mail.ts';
import type { MailboxSession } from './mailbox-reader.ts';

const batch = 50;
const minute = 60_000;
/** No batch is begun after this; the rest waits for the next turn, which goes on where this one stopped. */
const readFor = 4 * minute;
const failureSteps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute];

/**
 * Reads what is new in a mailbox, alone across all instances: batch by batch each mail is kept, its delivery is queued,
 * and only then the cursor moves. Read marks and everything else in the mailbox stay as they are.
 */
export async function fetchMailbox(call: Call, serverId: string, ports: FetchPorts): Promise<void> {
  const lease = await ports.leases.take(`fetch-${serverId}`);
  if (lease === undefined) return;
  const bounded: Call = { ...call, signal: AbortSignal.any([call.signal, lease.signal]) };
  let released = false;
  try {
    do {
      await readOnce(bounded, serverId, ports);
      released = await lease.release();
    } while (!released && !bounded.signal.aborted);
  } finally {
    if (!released) await lease.drop();
  }
}

async function readOnce(call: Call, serverId: string, ports: FetchPorts): Promise<void> {
  const server = (await ports.incomingServers.get(serverId))?.value;
  if (server?.state !== 'confirmed') return;
  const state = (await ports.incomingStates.get(serverId)) ?? { cursors: {}, failures: 0 };
  const outcome = await readFolders(call, server, state, ports);
  await ports.incomingStates.put(serverId, outcome);
}

/** Answers what the reading has come to; a failure is part of that and ends nothing but this turn. */
async function readFolders(
  call: Call,
  server: IncomingServer,
  before: IncomingState,
  ports: FetchPorts,
): Promise<IncomingState> {
  let state = before;
  let session: MailboxSession | undefined;
  try {
    session = await logIn(call, server, ports, ports.openMailbox);
    for (const folder of server.folders) state = await readFolder(call, server, folder, session, state, ports);
    const { lastError, ...rest } = state;
    return {
      ...rest,
      failures: 0,
      lastFetchAt: call.now().toISOString(),
      nextFetchAt: after(call, server.every * minute),
    };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('A mailbox could not be read.', { incomingServer: server.id, code: error.code, cause: error.cause });
    return failed(call, state, error);
  } finally {
    await session?.close();
  }
}

async function readFolder(
  call: Call,
  server: IncomingServer,
  folder: string,
  session: MailboxSession,
  before: IncomingState,
  ports: FetchPorts,
): Promise<IncomingState> {
  const { uidValidity, uidNext } = await session.open(folder);
  const known = before.cursors[folder];
  // A folder met for the first time begins with what arrives from now on; one whose UIDs have started anew is read
  // again from its beginning, for nobody can tell which of its mail is new.
  let lastUid = known === undefined ? uidNext - 1 : known.uidValidity === uidValidity ? known.lastUid : 0;
  let state = withCursor(before, folder, uidValidity, lastUid);
  const until = call.now().getTime() + readFor;
  while (lastUid < uidNext - 1 && call.now().getTime() < until) {
    const infos = await session.after(lastUid, batch);
    if (infos.length === 0) break;
    await keepMail(call, { server, folder, uidValidity }, infos, session, ports);
    lastUid = infos.at(-1)?.uid ?? lastUid;
    state = withCursor(state, folder, uidValidity, lastUid);
    await ports.incomingStates.put(server.id, state);
  }
  return state;
}

function withCursor(state: IncomingState, folder: string, uidValidity: number, lastUid: number): IncomingState {
  return { ...state, cursors: { ...state.cursors, [folder]: { uidValidity, lastUid } } };
}

function failed(call: Call, state: IncomingState, error: GatewayError): IncomingState {
  const failures = state.failures + 1;
  const wait = Math.max(backOff(failureSteps, failures, Math.random()), (error.data.retryAfter ?? 0) * 1000);
  return { ...state, failures, lastError: causeOf(error, call.now()), nextFetchAt: after(call, wait) };
}

function after(call: Call, milliseconds: number): string {
  return new Date(call.now().getTime() + milliseconds).toISOString();
}
