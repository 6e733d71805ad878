import { logIn } from '../servers/log-in.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import { backOff } from '../shared/back-off.ts';
import type { Call } from '../shared/call.ts';
import { causeOf, GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Job, Step } from '../shared/records.ts';
import type { OutgoingSession } from './mail-sender.ts';
import type { Message } from './message.ts';
import { reconcileMessage } from './reconcile-message.ts';
import type { SenderPorts } from './sender-ports.ts';
import { begun, held, refused, sent, undecided, type Settled } from './settle-message.ts';

const batch = 30;
const minute = 60_000;
/** No new message is begun after this; what is begun may take longer. */
const runFor = 5 * minute;
const pauseSteps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute];

/**
 * Sends what an outgoing server has to send: alone across all instances, in order, over one connection. Leaves when
 * nothing is due, when the server asks to wait, or when the call's time is over (then the rest is queued again).
 */
export async function sendDueMessages(call: Call, serverId: string, ports: SenderPorts): Promise<void> {
  const lease = await ports.leases.take(`send-${serverId}`);
  if (lease === undefined) return;
  const signal = AbortSignal.any([call.signal, lease.signal]);
  const until = call.now().getTime() + runFor;
  const isOver = (): boolean => signal.aborted || call.now().getTime() > until;
  const run = createRun({ ...call, signal }, serverId, ports, isOver);
  let released = false;
  try {
    do {
      await run.sendAllDue();
      released = !isOver() && (await lease.release());
    } while (!released && !isOver());
  } finally {
    await run.end();
    if (!released) await lease.drop();
  }
  if (!released) await ports.queues.send(serverId);
}

/** One run of a sender: its connection, what it knows of the server, and the step that is not kept yet. */
function createRun(call: Call, serverId: string, ports: SenderPorts, isOver: () => boolean) {
  let session: OutgoingSession | undefined;
  let met: OutgoingState | undefined;
  /** What became of the last message; kept in one transaction with the beginning of the next. */
  let unkept: Step<Message>[] = [];

  async function sendAllDue(): Promise<void> {
    const server = (await ports.outgoingServers.get(serverId))?.value;
    const state = met ?? (await ports.outgoingStates.get(serverId)) ?? { failures: 0 };
    if (server === undefined || isPaused(state, call.now())) return;
    while (!isOver()) {
      const jobs = await ports.messages.due(serverId, call.now(), batch);
      if (jobs.length === 0) return;
      for (const [at, job] of jobs.entries()) {
        if (isOver()) break;
        const obstacle = await sendOne(job, server);
        if (obstacle !== undefined) {
          await pause(obstacle, state, jobs.slice(at));
          return;
        }
      }
      await keep([]);
    }
  }

  /** Answers what keeps the server from sending anything at all; what concerns this message alone is settled here. */
  async function sendOne(job: Job<Message>, server: OutgoingServer): Promise<GatewayError | undefined> {
    const { record: message } = job;
    // Only a sender that died in the middle leaves a message so, for no other can be at work while we hold the lease.
    if (message.status === 'sending') {
      note(job, undecided(message, 'Interrupted while it was being sent', call.now()));
      return undefined;
    }
    if (message.status === 'unknown') {
      note(job, await reconcileMessage(call, message, server, ports));
      return undefined;
    }

    if (session?.usable !== true) {
      try {
        session = await logIn(call, server, ports, ports.openOutgoing);
      } catch (thrown) {
        return toGatewayError(thrown);
      }
    }
    const content = await contentOf(job, ports);
    if (content === undefined) {
      const gone = new GatewayError('internal-error', 'The content of this message is gone from storage.');
      note(job, refused(message, gone, call.now(), Math.random()));
      return undefined;
    }
    const [started] = await keep([{ job, record: begun(message, call.now()), dueAt: job.dueAt }]);
    if (started === undefined) return undefined;
    try {
      const result = await session.send(message.envelope, content, message.size);
      met = { failures: 0, lastSentAt: call.now().toISOString() };
      note(started, sent(started.record, result, call.now()));
    } catch (thrown) {
      const error = toGatewayError(thrown);
      call.log.warn('A message was not sent.', { message: message.id, code: error.code });
      if (error.code === 'outcome-unknown') note(started, undecided(started.record, error.message, call.now()));
      else note(started, refused(started.record, error, call.now(), Math.random()));
      if (asksToWait(error)) return error;
    }
    return undefined;
  }

  function note(job: Job<Message>, settled: Settled): void {
    unkept.push(stepOf(job, settled));
  }

  /** Keeps what is unkept together with these steps, and answers the jobs of these steps as they are kept now. */
  async function keep(steps: Step<Message>[]): Promise<Job<Message>[]> {
    const finished = unkept;
    unkept = [];
    if (finished.length + steps.length === 0) return [];
    const kept = await ports.messages.step([...finished, ...steps]);
    if (kept !== undefined) {
      await removeContents(finished);
      return kept.filter(({ record }) => steps.some((step) => step.record.id === record.id));
    }
    // One of the new ones was cancelled or changed meanwhile. What was sent must be noted all the same.
    if (finished.length > 0 && steps.length > 0) await ports.messages.step(finished);
    return [];
  }

  async function removeContents(finished: readonly Step<Message>[]): Promise<void> {
    for (const { job, record } of finished) {
      if (record.status === 'sent' && job.content !== undefined && 'blob' in job.content)
        await ports.rawMail.remove(job.content.blob);
    }
  }

  /** Notes that the server has to wait, and why, also with the messages that wait for it. They keep their places. */
  async function pause(error: GatewayError, known: OutgoingState, jobs: readonly Job<Message>[]): Promise<void> {
    const now = call.now();
    const failures = known.failures + 1;
    const wait = Math.max(backOff(pauseSteps, failures, Math.random()), (error.data.retryAfter ?? 0) * 1000);
    const until = new Date(now.getTime() + wait);
    call.log.warn('An outgoing server has to wait.', { outgoingServer: serverId, code: error.code, failures });
    met = { ...known, failures, lastError: causeOf(error, now), notBefore: until.toISOString() };
    const settled = new Set(unkept.map(({ record }) => record.id));
    const waiting = jobs.filter(({ record }) => isWaiting(record) && !settled.has(record.id));
    await keep(waiting.map((job) => ({ job, record: held(job.record, error, until, now), dueAt: job.dueAt })));
  }

  async function end(): Promise<void> {
    await keep([]);
    await session?.close();
    if (met !== undefined) await ports.outgoingStates.put(serverId, met);
  }

  return { sendAllDue, end };
}

/** The bytes to hand over; undefined when they are gone, which only somebody with access to the blobs can bring about. */
async function contentOf({ content }: Job<Message>, { rawMail }: SenderPorts) {
  if (content === undefined) return undefined;
  return 'inline' in content ? content.inline : rawMail.get(content.blob);
}

function stepOf(job: Job<Message>, { message, dueAt }: Settled): Step<Message> {
  return { job, record: message, dueAt };
}

function isWaiting({ status }: Message): boolean {
  return status === 'queued' || status === 'deferred';
}

function isPaused({ notBefore }: OutgoingState, now: Date): boolean {
  return notBefore !== undefined && notBefore > now.toISOString();
}

/** Throttling and closing down concern the mailbox or the server, not one message (Exchange: 421, 432; 454 at login). */
function asksToWait(error: GatewayError): boolean {
  return error.code === 'mail-server-busy' && ['421', '432', '454'].includes(error.data.upstream?.code ?? '');
}
