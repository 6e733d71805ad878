import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Job, Records, Step } from '../shared/records.ts';
import type { Message } from './message.ts';
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
}

export function createMessageSteps(
  call: Call,
  { messages, rawMail }: { messages: Records<Message>; rawMail: RawMail },
): MessageSteps {
  let noted: Step<Message> | undefined;

  async function keep(): Promise<void> {
    if (noted === undefined) return;
    const step = noted;
    const kept = await messages.step([step]);
    noted = undefined;
    if (kept !== undefined) await removeContent(call, step, { rawMail });
    // Only a sender that took our place can have changed it: it found the message begun, and asks Sent Items.
    else call.log.warn('A message was changed by somebody else.', { message: step.record.id, was: step.record.status });
  }

  return {
    async note(job, settled) {
      await keep();
      noted = stepOf(job, settled, call.now());
    },

    async begin(job, message) {
      const beginning: Step<Message> = { job, record: message, dueAt: job.dueAt };
      if (noted !== undefined) {
        const end = noted;
        const kept = await messages.step([end, beginning]);
        if (kept !== undefined) {
          noted = undefined;
          await removeContent(call, end, { rawMail });
          return kept.find(({ record }) => record.id === message.id);
        }
        // Somebody else has changed one of the two. The end must not be lost for the beginning's sake.
        await keep();
      }
      return (await messages.step([beginning]))?.[0];
    },

    keep,
  };
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
