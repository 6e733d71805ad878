import {
  concernsServer,
  isMended,
  isPaused,
  pausedFor,
  throttlesMailbox,
  type Attempt,
} from '../servers/outgoing-pause.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import { limitsOf, sendingMailbox } from '../servers/sending-limits.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { causeOf, GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Job } from '../shared/records.ts';
import { handOverMessage } from './hand-over-message.ts';
import { createMailboxPace, type MailboxPace } from './mailbox-pace.ts';
import type { Message } from './message.ts';
import { createMessageSteps } from './message-steps.ts';
import { createNextMessages } from './next-messages.ts';
import { createOutgoingConnection } from './outgoing-connection.ts';
import { slotsAtMost, slotsAtOnce, type Wait } from './pace.ts';
import { reconcileMessages } from './reconcile-messages.ts';
import type { SenderPorts } from './sender-ports.ts';
import { ahead, isEarly, settledUnsent } from './when-taken.ts';
import { begun, held, isOld, outstanding, refused, undecided, untried } from './settle-message.ts';

/** A queue entry that is due so soon may have been taken already. */
const soon = 1_000;

/** Sends for one outgoing server while it holds the server's lease. */
export interface Sender {
  /** Milliseconds since 1970; undefined while there is no need to come back. */
  readonly comeBackAt: number | undefined;
  /** Sends what is due, as far as the server and the limits let it. */
  sendAllDue(): Promise<void>;
  /** True when there is something to end: a connection, slots that were taken, steps that are not kept. */
  readonly isBusy: boolean;
  /** Keeps what is not kept yet and closes the connection. What failed for storage may be tried again. */
  end(): Promise<void>;
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

export function createSender(call: Call, serverId: string, isOver: () => boolean, ports: SenderPorts): Sender {
  const steps = createMessageSteps(call, ports);
  const next = createNextMessages(serverId, ports.messages);
  const connection = createOutgoingConnection(call, ports);
  /** Read once, for nobody else writes it. */
  let state: OutgoingState | undefined;
  let isStateKept = true;
  let pace: MailboxPace | undefined;
  /** The settings with which the mailbox of `pace` was found. */
  let pacedFor = '';
  let batch = slotsAtMost;
  let comeBackAt: number | undefined;

  async function sendAllDue(): Promise<void> {
    state ??= (await ports.outgoingStates.get(serverId)) ?? unharmed;
    if (await hasToWait(state)) return;
    let goesOn = true;
    while (goesOn && !isOver()) {
      // What is noted and not kept would look as if it had been interrupted.
      await steps.tell();
      const due = await next.due(new Date(call.now().getTime() + ahead), batch);
      const jobs = due.filter(({ record }) => !isEarly(record, call.now()));
      if (jobs.length === 0) break;
      // Read after the jobs: changes made before they were accepted are meant for them.
      const server = await ports.outgoingServers.get(serverId);
      const ready = await settleHandedOver(jobs, server);
      if (server === undefined) await failAll(ready);
      else goesOn = await sendBatch(ready, server);
    }
    await steps.tell();
    await keepState();
  }

  async function hasToWait(known: OutgoingState): Promise<boolean> {
    if (!isPaused(known, call.now())) return false;
    const server = await ports.outgoingServers.get(serverId);
    if (server === undefined) return false;
    const { account } = server.value;
    const connected = account === undefined ? undefined : await ports.accounts.get(account);
    return !(await isMended(known, server, connected?.value, ports.tests));
  }

  /**
   * Only a sender that died in the middle leaves a message `sending`: no other can be at work while we hold the lease.
   * What was cancelled or has expired is finished, too. Answers the jobs that are still to be handed over.
   */
  async function settleHandedOver(
    jobs: readonly Job<Message>[],
    server: Stored<OutgoingServer> | undefined,
  ): Promise<Job<Message>[]> {
    for (const job of jobs.filter(({ record }) => record.untold !== undefined)) steps.adopt(job);
    for (const job of jobs.filter(({ record }) => record.status === 'sending'))
      await steps.note(job, undecided(job.record, 'Interrupted while it was being sent', call.now()));
    const unknown = jobs.filter(({ record }) => record.status === 'unknown');
    for (const { job, settled } of await reconcileMessages(call, unknown, server?.value.onUnknown ?? 'hold', ports))
      await steps.note(job, settled);
    const left = jobs.filter(
      ({ record: { status, untold } }) => !untold && status !== 'sending' && status !== 'unknown',
    );
    const unsent = left.map((job) => ({ job, settled: settledUnsent(job.record, call.now()) }));
    for (const { job, settled } of unsent) if (settled !== undefined) await steps.note(job, settled);
    return unsent.filter(({ settled }) => settled === undefined).map(({ job }) => job);
  }

  /** Its owner removed the server while the messages were being accepted for it. */
  async function failAll(jobs: readonly Job<Message>[]): Promise<void> {
    const gone = new GatewayError('not-found', `The outgoing server ${serverId} was removed before this was sent.`);
    for (const job of jobs) await steps.note(job, refused(job.record, gone, call.now(), Math.random()));
  }

  /** Sends as many as the limits allow. Answers whether there is any use in going on now. */
  async function sendBatch(jobs: readonly Job<Message>[], server: Stored<OutgoingServer>): Promise<boolean> {
    if (jobs.length === 0) return true;
    const limits = limitsOf(server.value);
    batch = slotsAtOnce(limits);
    pace = await paceOf(server);
    const wanted = jobs.slice(0, batch).map((job) => ({
      lane: next.isPatient(job) ? ('normal' as const) : job.lane,
      recipients: outstanding(job.record).to.length,
    }));
    const { granted, wait } = await pace.take(wanted, limits);
    const obstacle = await sendAll(jobs.slice(0, granted), server, pace);
    if (obstacle !== undefined) {
      // What we ended ourselves, with our time or the lease, says nothing about the server.
      if (!call.signal.aborted) await pause({ ...obstacle, waiting: [...obstacle.waiting, ...jobs.slice(granted)] });
      return false;
    }
    if (granted > 0 || wait === undefined) return true;
    await leave(wait, jobs);
    return false;
  }

  async function paceOf({ value, etag }: Stored<OutgoingServer>): Promise<MailboxPace> {
    if (pace !== undefined && pacedFor === etag) return pace;
    const account = (await ports.accounts.recent()).find(({ value: { id } }) => id === value.account);
    const mailbox = sendingMailbox(value, account?.value);
    pacedFor = etag;
    if (pace?.key === mailbox) return pace;
    await connection.close();
    await pace?.release();
    return createMailboxPace(call, mailbox, serverId, ports);
  }

  /** Sends jobs one after the other, up to an obstacle, the end of the connection or of our time, or something urgent. */
  async function sendAll(
    jobs: readonly Job<Message>[],
    server: Stored<OutgoingServer>,
    slots: MailboxPace,
  ): Promise<Obstacle | undefined> {
    const since = await connectedAt(jobs, server);
    for (const [index, job] of jobs.entries()) {
      if (isOver() || (index > 0 && (await next.isOvertaken(job, call.now())))) return undefined;
      const attempt = { at: call.now(), etag: server.etag };
      try {
        await connection.open(server);
      } catch (thrown) {
        return { error: toGatewayError(thrown), attempt, waiting: jobs.slice(index), since };
      }
      if (!slots.use(outstanding(job.record).to.length)) return undefined;
      const record = begun(job.record, server.value.account, call.now());
      const beginning = steps.begin(job, record);
      const { settled, error, hasEnded } = await handOverMessage(
        call,
        { ...job, record },
        beginning,
        connection,
        ports.rawMail,
        since,
      );
      const started = await beginning;
      if (started === undefined) continue;
      if (hasEnded) await connection.close();
      if (settled === undefined) {
        const met = { ...started, record: untried(started.record) };
        return error && { error, attempt, waiting: [met, ...jobs.slice(index + 1)], since };
      }
      await steps.note(started, settled);
      if (error === undefined) noteState({ failures: 0, lastSentAt: call.now().toISOString() });
      else if (hasEnded) return undefined;
      else if (concernsServer(error)) return { error, attempt, waiting: jobs.slice(index + 1), since };
    }
    return undefined;
  }

  /** Old messages have waited for a consent, perhaps: then they are as old as that. */
  async function connectedAt(jobs: readonly Job<Message>[], { value }: Stored<OutgoingServer>) {
    if (value.account === undefined || !jobs.some(({ record }) => isOld(record, call.now()))) return undefined;
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
    comeBackAt = Date.parse(paused.notBefore);
    noteState({ ...paused, wakeAt: paused.notBefore });
    if (throttlesMailbox(error)) await pace?.pause(paused.notBefore, causeOf(error, now));
    for (const job of waiting) await steps.note(job, held(job.record, error, paused.notBefore, job.dueAt, now, since));
  }

  /** Leaves until the limits allow more; whoever waits for longer than a minute is told why. */
  async function leave({ reason, until }: Wait, waiting: readonly Job<Message>[]): Promise<void> {
    const now = call.now();
    const time = new Date(until).toISOString();
    if (reason === 'day') {
      const detail = 'The mailbox has sent to as many recipients as its limits allow in a day.';
      const error = new GatewayError('sending-limit-reached', detail);
      for (const job of waiting.filter(({ record }) => record.nextAttemptAt !== time))
        await steps.note(job, held(job.record, error, time, job.dueAt, now));
    }
    const wakeAt = Date.parse(state?.wakeAt ?? '');
    if (wakeAt > now.getTime() + soon && wakeAt <= until + soon) return;
    comeBackAt = until;
    noteState({ ...(state ?? unharmed), wakeAt: time });
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

  return {
    get comeBackAt() {
      return comeBackAt;
    },
    get isBusy() {
      return pace !== undefined || !isStateKept;
    },
    sendAllDue,
    /** Storage that did not answer in the middle may answer now. */
    async end() {
      try {
        await steps.keep();
        await keepState();
      } finally {
        await connection.close();
        await pace?.release();
      }
    },
  };
}
