import { concernsServer, isMended, isPaused, pausedFor, type Attempt } from '../servers/outgoing-pause.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Lease } from '../shared/lease.ts';
import type { Job } from '../shared/records.ts';
import { handOverMessage } from './hand-over-message.ts';
import type { Message } from './message.ts';
import { createMessageSteps } from './message-steps.ts';
import { createOutgoingConnection } from './outgoing-connection.ts';
import { reconcileMessages } from './reconcile-messages.ts';
import type { SenderPorts } from './sender-ports.ts';
import { begun, held, isOld, refused, undecided } from './settle-message.ts';
import { ahead, isEarly, settledUnsent } from './when-taken.ts';

const batch = 30;
const minute = 60_000;
/** No new message is begun after this; what is begun may take longer. */
const runFor = 5 * minute;

/**
 * Sends what an outgoing server has to send: alone across all instances, in order, over one connection. Leaves when
 * nothing is due, when the server asks to wait, or when the call's time is over (then the rest is queued again).
 */
export async function sendDueMessages(call: Call, serverId: string, ports: SenderPorts): Promise<void> {
  const lease = await ports.leases.take(`send-${serverId}`);
  if (lease === undefined) return;
  let released = false;
  try {
    released = await sendUntilReleased(call, serverId, lease, ports);
  } finally {
    if (!released) await lease.drop();
  }
  if (!released) await ports.queues.send(serverId);
}

/** Answers whether the lease was given back, which is when all is done. */
async function sendUntilReleased(call: Call, serverId: string, lease: Lease, ports: SenderPorts): Promise<boolean> {
  const signal = AbortSignal.any([call.signal, lease.signal]);
  const until = call.now().getTime() + runFor;
  const isOver = (): boolean => signal.aborted || call.now().getTime() > until;
  const sender = createSender({ ...call, signal }, serverId, isOver, ports);
  try {
    while (!isOver()) {
      await sender.sendAllDue();
      if (!isOver() && (await lease.release())) return true;
    }
    return false;
  } finally {
    await sender.end();
  }
}

const unharmed: OutgoingState = { failures: 0 };

/** What keeps a server from sending anything at all, and the messages that have to wait for its end. */
interface Obstacle {
  readonly error: GatewayError;
  readonly attempt: Attempt;
  readonly waiting: readonly Job<Message>[];
  /** When the account was connected, for messages that are old. */
  readonly since: string | undefined;
}

function createSender(call: Call, serverId: string, isOver: () => boolean, ports: SenderPorts) {
  const steps = createMessageSteps(call, ports);
  const connection = createOutgoingConnection(call, ports);
  /** Read once, for nobody else writes it. */
  let state: OutgoingState | undefined;
  let isStateKept = true;

  async function sendAllDue(): Promise<void> {
    state ??= (await ports.outgoingStates.get(serverId)) ?? unharmed;
    if (await hasToWait(state)) return;
    let obstacle: Obstacle | undefined;
    while (obstacle === undefined && !isOver()) {
      const jobs = await firstDue();
      if (jobs.length === 0) break;
      await settleHandedOver(jobs);
      const ready = jobs.filter(({ record }) => !isHandedOver(record));
      // Read after the jobs: changes made before they were accepted are meant for them.
      const server = await ports.outgoingServers.get(serverId);
      if (server === undefined) await failAll(ready);
      else obstacle = await sendAll(ready, server);
    }
    // What we ended ourselves, with our time or the lease, says nothing about the server.
    if (obstacle !== undefined && !call.signal.aborted) await pause(obstacle);
    await steps.keep();
    await keepState();
  }

  async function hasToWait(known: OutgoingState): Promise<boolean> {
    if (!isPaused(known, call.now())) return false;
    const server = await ports.outgoingServers.get(serverId);
    if (server === undefined) return false;
    const account = await ports.accounts.get(server.value.account);
    return !(await isMended(known, server, account?.value, ports.tests));
  }

  async function firstDue(): Promise<Job<Message>[]> {
    // What is noted and not kept would look as if it had been interrupted.
    await steps.keep();
    const jobs = await ports.messages.due(serverId, new Date(call.now().getTime() + ahead), batch);
    return jobs.filter(({ record }) => !isEarly(record, call.now()));
  }

  /** Only a sender that died in the middle leaves a message `sending`: no other can be at work while we hold the lease. */
  async function settleHandedOver(jobs: readonly Job<Message>[]): Promise<void> {
    for (const job of jobs.filter(({ record }) => record.status === 'sending'))
      await steps.note(job, undecided(job.record, 'Interrupted while it was being sent', call.now()));
    const unknown = jobs.filter(({ record }) => record.status === 'unknown');
    for (const { job, settled } of await reconcileMessages(call, unknown, ports)) await steps.note(job, settled);
  }

  /** Its owner removed the server while the messages were being accepted for it. */
  async function failAll(jobs: readonly Job<Message>[]): Promise<void> {
    const gone = new GatewayError('not-found', `The outgoing server ${serverId} was removed before this was sent.`);
    for (const job of jobs) {
      const now = call.now();
      await steps.note(job, settledUnsent(job.record, now) ?? refused(job.record, gone, now, Math.random()));
    }
  }

  /** Sends jobs one after the other, up to an obstacle, the end of the connection or the end of our time. */
  async function sendAll(jobs: readonly Job<Message>[], server: Stored<OutgoingServer>): Promise<Obstacle | undefined> {
    const since = await connectedAt(jobs, server);
    for (const [index, job] of jobs.entries()) {
      if (isOver()) return undefined;
      const unsent = settledUnsent(job.record, call.now());
      if (unsent !== undefined) {
        await steps.note(job, unsent);
        continue;
      }
      const attempt = { at: call.now(), etag: server.etag };
      try {
        await connection.open(server);
      } catch (thrown) {
        return { error: toGatewayError(thrown), attempt, waiting: jobs.slice(index), since };
      }
      const started = await steps.begin(job, begun(job.record, server.value.account, call.now()));
      if (started === undefined) continue;
      const { settled, error, hasEnded } = await handOverMessage(call, started, connection, ports.rawMail, since);
      await steps.note(started, settled);
      if (hasEnded) await connection.close();
      if (error === undefined) noteState({ failures: 0, lastSentAt: call.now().toISOString() });
      else if (hasEnded) break;
      else if (concernsServer(error)) return { error, attempt, waiting: jobs.slice(index + 1), since };
    }
    return undefined;
  }

  /** Old messages have waited for a consent, perhaps: then they are as old as that. */
  async function connectedAt(jobs: readonly Job<Message>[], { value }: Stored<OutgoingServer>) {
    if (!jobs.some(({ record }) => isOld(record, call.now()))) return undefined;
    return (await ports.accounts.get(value.account))?.value.connectedAt;
  }

  /** Notes that the server has to wait, and why, also with the messages that wait for it. */
  async function pause({ error, attempt, waiting, since }: Obstacle): Promise<void> {
    const now = call.now();
    const paused = pausedFor(error, state ?? unharmed, attempt, now, Math.random());
    call.log.warn('An outgoing server has to wait.', {
      outgoingServer: serverId,
      code: error.code,
      cause: error.cause,
    });
    noteState(paused);
    for (const job of waiting) await steps.note(job, held(job.record, error, paused.notBefore, job.dueAt, now, since));
  }

  function noteState(changed: OutgoingState): void {
    state = changed;
    isStateKept = false;
  }

  async function keepState(): Promise<void> {
    if (isStateKept || state === undefined) return;
    await ports.outgoingStates.put(serverId, state);
    isStateKept = true;
  }

  /** Storage that did not answer in the middle may answer now. */
  async function end(): Promise<void> {
    try {
      await steps.keep();
      await keepState();
    } finally {
      await connection.close();
    }
  }

  return { sendAllDue, end };
}

function isHandedOver({ status }: Message): boolean {
  return status === 'sending' || status === 'unknown';
}
