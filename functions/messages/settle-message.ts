import { causeOf, type GatewayError } from '../shared/errors.ts';
import { backOff } from '../shared/back-off.ts';
import type { SendResult } from './mail-sender.ts';
import type { HistoryEntry, Message, MessageStatus } from './message.ts';

const minute = 60_000;

/** Waiting times after refusals that may pass; after two days of them the message has failed. */
const retrySteps = [minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, 60 * minute, 120 * minute, 240 * minute];
const giveUpAfter = 2 * 24 * 60 * minute;

/** How long a handed-over message may take to show in Sent Items. */
const reconcileAfter = minute;

/** What became of a message, and when to look at it again if it is not finished. */
export interface Settled {
  readonly message: Message;
  readonly dueAt?: string;
}

/** The message as its content is about to be handed over; kept before the first octet leaves. */
export function begun(message: Message, now: Date): Message {
  return { ...without(message), ...noted(message, 'sending', now), attempts: message.attempts + 1 };
}

/** The server took it, for all or for some of its recipients. */
export function sent(message: Message, result: SendResult, now: Date): Settled {
  const replies = new Map(result.recipients.map((recipient) => [recipient.address, recipient]));
  return {
    message: {
      ...without(message),
      ...noted(message, 'sent', now, result.reply),
      sentAt: now.toISOString(),
      lastReply: result.reply,
      recipients: message.recipients.map((recipient) => {
        const outcome = replies.get(recipient.address);
        if (outcome === undefined) return recipient;
        return {
          address: recipient.address,
          status: outcome.accepted ? 'sent' : 'refused',
          ...(outcome.reply !== undefined && { reply: outcome.reply }),
        };
      }),
    },
  };
}

/** It lies in Sent Items, so the server did take it. */
export function foundSent(message: Message, now: Date): Settled {
  return sent(
    message,
    { reply: 'Found in Sent Items', recipients: message.envelope.to.map((address) => ({ address, accepted: true })) },
    now,
  );
}

/** The connection broke after it was handed over, or we crashed there: look in Sent Items before anything else. */
export function undecided(message: Message, detail: string, now: Date): Settled {
  return {
    message: { ...without(message), ...noted(message, 'unknown', now, detail) },
    dueAt: new Date(now.getTime() + reconcileAfter).toISOString(),
  };
}

/** It was not sent for certain, and goes back into the queue. */
export function again(message: Message, detail: string, now: Date): Settled {
  return { message: { ...without(message), ...noted(message, 'queued', now, detail) }, dueAt: now.toISOString() };
}

/** It was refused: for good, or for now. `chance` (0 to 1) spreads the retries. */
export function refused(message: Message, error: GatewayError, now: Date, chance: number): Settled {
  const cause = causeOf(error, now);
  const reply = error.data.upstream?.text;
  const base = { ...without(message), cause, ...(reply !== undefined && { lastReply: reply }) };
  const tooOld = now.getTime() - Date.parse(message.createdAt) > giveUpAfter;
  if (error.meaning.tryAgain === 'never' || tooOld) {
    return { message: { ...base, ...noted(message, 'failed', now, error.message) } };
  }
  const wait = Math.max(backOff(retrySteps, message.attempts, chance), (error.data.retryAfter ?? 0) * 1000);
  const until = new Date(now.getTime() + wait);
  return { message: deferred(base, error.message, until, now), dueAt: until.toISOString() };
}

/** The server could not be reached or logged in to: nothing is held against the message, it waits with the others. */
export function held(message: Message, error: GatewayError, until: Date, now: Date): Message {
  return deferred({ ...message, cause: causeOf(error, now) }, error.message, until, now);
}

function deferred(message: Message, detail: string, until: Date, now: Date): Message {
  // A server that is down for hours would fill the history with the same line.
  const repeated = message.status === 'deferred' && message.history.at(-1)?.detail === detail;
  return { ...message, ...(!repeated && noted(message, 'deferred', now, detail)), nextAttemptAt: until.toISOString() };
}

/** The message without what only described its last state. */
function without(message: Message): Message {
  const { nextAttemptAt, cause, ...rest } = message;
  return rest;
}

function noted(
  message: Message,
  status: MessageStatus,
  now: Date,
  detail?: string,
): { status: MessageStatus; history: HistoryEntry[] } {
  return {
    status,
    history: [...message.history, { at: now.toISOString(), status, ...(detail !== undefined && { detail }) }],
  };
}
