import type { Step, Job } from '../shared/records.ts';
import { noted, withoutState } from './message-history.ts';
import type { Message } from './message.ts';
import type { Settled } from './settle-message.ts';

/** The clock of whoever took a message may be ahead of ours: a sender takes for due what is so some milliseconds from now. */
export const ahead = 5_000;

/** How long the content of a message that did not reach everybody is kept, so that it can be tried again by hand. */
const keptFor = 7 * 24 * 3_600_000;

/** True for a message that waits to be handed over for the first time or again. */
export function isWaiting({ status }: Pick<Message, 'status'>): boolean {
  return status === 'scheduled' || status === 'queued' || status === 'deferred';
}

/** True for a message whose time has not come, though its place in the agenda has. */
export function isEarly({ status, scheduledAt }: Message, now: Date): boolean {
  return status === 'scheduled' && scheduledAt !== undefined && scheduledAt > now.toISOString();
}

/** What becomes of a message when its turn comes and it is not to be sent any more; undefined: it is to be sent. */
export function settledUnsent(message: Message, now: Date): Settled | undefined {
  if (message.status === 'cancelled') return { message };
  if (!isWaiting(message) || message.expiresAt === undefined || message.expiresAt > now.toISOString()) return undefined;
  return { message: { ...withoutState(message), ...noted(message, 'expired', now) } };
}

/**
 * What is kept of a job that was settled: one that waits comes back when it expires at the latest, and what did not
 * reach everybody keeps its content for a week.
 */
export function stepOf(job: Job<Message>, { message, dueAt }: Settled, now: Date): Step<Message> {
  if (dueAt !== undefined) {
    return { job, record: message, dueAt: earliest(dueAt, isWaiting(message) ? message.expiresAt : undefined) };
  }
  const keptUntil = mayBeTriedAgain(message) ? new Date(now.getTime() + keptFor).toISOString() : undefined;
  return { job, record: message, keptUntil };
}

function earliest(dueAt: string, expiresAt: string | undefined): string {
  if (expiresAt === undefined || expiresAt >= dueAt) return dueAt;
  // Not to be taken for due before it has expired.
  const expired = new Date(Date.parse(expiresAt) + ahead).toISOString();
  return expired < dueAt ? expired : dueAt;
}

/** True for a finished message that somebody may still want to reach the rest of its recipients. */
function mayBeTriedAgain({ status, recipients }: Message): boolean {
  if (status === 'cancelled' || status === 'bounced') return false;
  return recipients.some((recipient) => recipient.status !== 'sent');
}
