import { raiseEvents, type RaisePorts } from '../events/raise-events.ts';
import type { Call } from '../shared/call.ts';
import type { Recent, States } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Job, Records, Step } from '../shared/records.ts';
import type { Destination } from '../events/destination.ts';
import type { Message } from './message.ts';
import { outcomeEvent, outcomeOf } from './outcome-event.ts';
import { noteSentId, type SentId } from './sent-ids.ts';
import type { Settled } from './settle-message.ts';
import { stepOf } from './when-taken.ts';

/** The steps of a sender's messages, one transaction for the end of one and the beginning of the next. */
export interface MessageSteps {
  /** Takes what became of a message; it is kept with the next beginning, or by `keep`. */
  note(job: Job<Message>, settled: Settled): Promise<void>;
  /** Keeps a beginning, and answers the job as it is now; undefined when somebody else has changed it. */
  begin(job: Job<Message>, message: Message): Promise<Job<Message> | undefined>;
  /** Keeps what was noted. When storage does not answer it stays noted, for another try. */
  keep(): Promise<void>;
  /** Takes over a message of which an earlier sender has not told. */
  adopt(job: Job<Message>): void;
  /** Tells the destinations what became of messages, many at once; only then are these finished. */
  tell(): Promise<void>;
}

export interface StepPorts extends RaisePorts {
  readonly destinations: RaisePorts['destinations'] & Recent<Destination>;
  readonly messages: Records<Message>;
  readonly sentIds: States<SentId>;
  readonly rawMail: RawMail;
}

export function createMessageSteps(call: Call, ports: StepPorts): MessageSteps {
  const { messages } = ports;
  let noted: Step<Message> | undefined;
  /** Their outcome is kept, and their place on the agenda, until it is told. */
  const untold = new Map<string, Job<Message>>();

  /** A step that somebody wants to hear of leaves the message where it is, with what is to be told. */
  async function stepFor(job: Job<Message>, settled: Settled): Promise<Step<Message>> {
    const step = stepOf(job, settled, call.now());
    const outcome = outcomeOf(job.record, settled.message);
    const destinations = outcome === undefined ? [] : await ports.destinations.recent();
    if (outcome === undefined || !destinations.some(({ value }) => value.events.includes(outcome))) return step;
    const { dueAt, keptUntil } = step;
    const next = { ...(dueAt !== undefined && { dueAt }), ...(keptUntil !== undefined && { keptUntil }) };
    const untold = { outcome, at: call.now().toISOString(), ...next };
    return { job, record: { ...settled.message, untold }, dueAt: job.dueAt };
  }

  async function keep(): Promise<void> {
    if (noted === undefined) return;
    const step = noted;
    await noteServerId(step, ports);
    const kept = await messages.step([step]);
    noted = undefined;
    if (kept !== undefined) await finish(step, kept);
    // Only a sender that took our place can have changed it: it found the message begun, and asks Sent Items.
    else call.log.warn('A message was changed by somebody else.', { message: step.record.id, was: step.record.status });
  }

  async function finish(step: Step<Message>, kept: readonly Job<Message>[]): Promise<void> {
    const job = kept.find(({ record }) => record.id === step.record.id);
    if (job?.record.untold !== undefined) untold.set(job.record.id, job);
    await removeContent(call, step, ports);
  }

  async function tell(): Promise<void> {
    await keep();
    if (untold.size === 0) return;
    const jobs = [...untold.values()].slice(0, stepsAtOnce);
    await raiseEvents(
      jobs.flatMap(({ record }) => outcomeEvent(record) ?? []),
      ports,
    );
    const steps = jobs.map((job) => stepToldOf(job));
    // Where one was changed by somebody else the others are still ours.
    const isKept = (await messages.step(steps)) !== undefined;
    for (const step of steps) {
      if (isKept || (await messages.step([step])) !== undefined) await removeContent(call, step, ports);
      untold.delete(step.record.id);
    }
    await tell();
  }

  return {
    async note(job, settled) {
      await keep();
      noted = await stepFor(job, settled);
    },

    async begin(job, message) {
      const beginning: Step<Message> = { job, record: message, dueAt: job.dueAt };
      if (noted !== undefined) {
        const end = noted;
        await noteServerId(end, ports);
        const kept = await messages.step([end, beginning]);
        if (kept !== undefined) {
          noted = undefined;
          await finish(end, kept);
          return kept.find(({ record }) => record.id === message.id);
        }
        // Somebody else has changed one of the two. The end must not be lost for the beginning's sake.
        await keep();
      }
      return (await messages.step([beginning]))?.[0];
    },

    keep,
    adopt: (job) => void untold.set(job.record.id, job),
    tell,
  };
}

/** Before it is kept that the message was sent: a crash in between has Sent Items asked, which tell the same. */
async function noteServerId({ job, record }: Step<Message>, { sentIds }: StepPorts): Promise<void> {
  const { serverMessageId } = record;
  if (serverMessageId !== undefined && serverMessageId !== job.record.serverMessageId)
    await noteSentId(serverMessageId, record.id, sentIds);
}

/** A transaction takes 100 changes; a step that moves a message is three. */
const stepsAtOnce = 30;

function stepToldOf(job: Job<Message>): Step<Message> {
  const { untold, ...record } = job.record;
  return { job, record, dueAt: untold?.dueAt, keptUntil: untold?.keptUntil };
}

/** Removes the content of a message that is finished. A blob that stays behind is litter, not a reason to stop. */
export async function removeContent(
  call: Call,
  { job: { content }, record, dueAt, keptUntil }: Step<Message>,
  { rawMail }: { rawMail: RawMail },
): Promise<void> {
  if (dueAt !== undefined || keptUntil !== undefined || content === undefined || 'inline' in content) return;
  try {
    await rawMail.remove(content.blob);
  } catch (thrown) {
    const { code, cause } = toGatewayError(thrown);
    call.log.warn('The content of a finished message was not removed.', { message: record.id, code, cause });
  }
}
