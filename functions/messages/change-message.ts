import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Job, Records } from '../shared/records.ts';
import { removeContent } from './message-steps.ts';
import type { Message, MessageStatus } from './message.ts';
import type { Settled } from './settle-message.ts';
import { stepOf } from './when-taken.ts';

export interface ChangePorts {
  readonly messages: Records<Message>;
  readonly rawMail: RawMail;
}

const attempts = 5;
const finished: readonly MessageStatus[] = ['sent', 'failed', 'bounced', 'cancelled', 'expired'];

/**
 * Changes a message as somebody asks, unless its sender is faster: of the two, one finds the message changed by the
 * other and looks again.
 * @param change what becomes of it; throws GatewayError `conflict` where its state does not allow that
 * @throws GatewayError `not-found`, `conflict`
 */
export async function changeMessage(
  call: Call,
  id: string,
  change: (message: Message) => Settled,
  ports: ChangePorts,
): Promise<Message> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const job = await ports.messages.job(id);
    const message = job?.record ?? (await ports.messages.get(id));
    if (message === undefined) throw new GatewayError('not-found', `There is no message ${id.slice(0, 100)}.`);
    if (job?.record.untold !== undefined)
      throw wrongState(message, 'destinations are being told of it, so try again in a moment');
    const settled = change(message);
    if (job !== undefined && (await take(call, job, settled, ports))) return settled.message;
    // Kept no longer; where it is not finished, it was moved in this moment.
    if (job === undefined && isFinished(message)) throw contentGone(message);
  }
  throw new GatewayError('precondition-failed', `${id} was changed by others again and again.`);
}

/** True for a message that nothing happens to any more. */
export function isFinished({ status, nextAttemptAt }: Message): boolean {
  return finished.includes(status) || (status === 'unknown' && nextAttemptAt === undefined);
}

/** A refusal that names the state a message is in. */
export function wrongState({ status }: Message, wanted: string, remedy?: string): GatewayError {
  return new GatewayError('conflict', `The message is ${status}: ${wanted}.`, {
    ...(remedy !== undefined && { data: { remedy } }),
  });
}

/**
 * Answers whether the change was made. A job is changed in its place first, which its ETag guards, and only then moved
 * or ended: a crash in between leaves it to its sender, who knows what to do by its status. What was kept of a finished
 * job is nobody else's, so that it is moved at once.
 */
async function take(call: Call, job: Job<Message>, settled: Settled, ports: ChangePorts): Promise<boolean> {
  const { messages } = ports;
  const step = (one: Job<Message>) => stepOf(one, settled, call.now());
  if (isFinished(job.record)) return (await messages.step([step(job)])) !== undefined;
  const [claimed] = (await messages.step([{ job, record: settled.message, dueAt: job.dueAt }])) ?? [];
  if (claimed === undefined) return false;
  const last = step(claimed);
  if (last.dueAt !== job.dueAt && (await messages.step([last])) !== undefined) await removeContent(call, last, ports);
  return true;
}

function contentGone({ status }: Message): GatewayError {
  return new GatewayError('conflict', `The message is ${status}, and its content is not kept any more.`, {
    data: { remedy: 'Hand it over again as a new message.' },
  });
}
