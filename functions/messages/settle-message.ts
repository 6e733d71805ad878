import { causeOf, GatewayError, type TryAgain } from '../shared/errors.ts';
import { backOff } from '../shared/back-off.ts';
import type { SendResult } from './mail-sender.ts';
import { noted, withoutState } from './message-history.ts';
import type { Message, MessageStatus, RecipientState } from './message.ts';

const minute = 60_000;

/** Waiting times after refusals that may pass; after two days of them the message has failed. */
const retrySteps = [minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, 60 * minute, 120 * minute, 240 * minute];
const day = 24 * 60 * minute;
const giveUpAfter = 2 * day;
/** Waiting for somebody's consent is not held against a message, but has an end. */
const giveUpWaitingAfter = 30 * day;

/** How long a message may take to show in Sent Items after its connection broke: Exchange works on large ones for minutes. */
const filedAfter = minute;
const filedAfterPerMegabyte = 15_000;
const megabyte = 1024 * 1024;
/** Longest wait between two looks into Sent Items. */
const longestLookout = 60 * minute;

/** What became of a message, and when to look at it again; without a time it is finished. */
export interface Settled {
  readonly message: Message;
  readonly dueAt?: string;
}

/** The message as its content is about to be handed over with this account's login; kept before the first octet leaves. */
export function begun(message: Message, account: string, now: Date): Message {
  return {
    ...withoutState(message),
    ...noted(message, 'sending', now),
    attempts: message.attempts + 1,
    sentBy: account,
  };
}

/** The server took it, for all or for some of its recipients. */
export function sent(message: Message, result: SendResult, now: Date): Settled {
  const replies = new Map(result.recipients.map((recipient) => [recipient.address, recipient]));
  return {
    message: {
      ...withoutState(message),
      ...noted(message, 'sent', now, result.reply),
      sentAt: now.toISOString(),
      lastReply: result.reply,
      recipients: message.recipients.map((recipient) => {
        const outcome = replies.get(recipient.address);
        if (outcome === undefined) return recipient;
        return outcome.accepted
          ? { address: recipient.address, status: 'sent' }
          : refusedRecipient(recipient, outcome.reply);
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

/**
 * It was handed over and nobody knows whether it was taken, because the connection broke or we crashed, or because Sent
 * Items, which tell, could not be read: look there before anything else, ever more seldom. After two days of looking in
 * vain it stays `unknown` for good; a mailbox that waits for a consent is waited for longer.
 */
export function undecided(message: Message, detail: string, now: Date, tryAgain: TryAgain = 'later'): Settled {
  const handedOverAt = message.history.findLast(({ status }) => status === 'sending')?.at ?? message.createdAt;
  const elapsed = now.getTime() - Date.parse(handedOverAt);
  const error = new GatewayError('outcome-unknown', detail, {
    data: { remedy: `Look for ${message.messageId} in the Sent Items of the mailbox that sends.` },
  });
  const unknown = {
    ...withoutState(message),
    ...notedOnce(message, 'unknown', now, detail),
    cause: causeOf(error, now),
  };
  if (elapsed > (tryAgain === 'after consent' ? giveUpWaitingAfter : giveUpAfter)) return { message: unknown };
  const filed = filedAfter + (filedAfterPerMegabyte * message.size) / megabyte;
  const wait = message.status === 'unknown' ? Math.max(filed, Math.min(elapsed, longestLookout)) : filed;
  const until = new Date(now.getTime() + wait).toISOString();
  return { message: { ...unknown, nextAttemptAt: until }, dueAt: until };
}

/** It was not sent for certain, and goes back into the queue. */
export function again(message: Message, detail: string, now: Date): Settled {
  return { message: { ...withoutState(message), ...noted(message, 'queued', now, detail) }, dueAt: now.toISOString() };
}

/**
 * It was refused: for good, or for now. `chance` (0 to 1) spreads the retries; `since` is when its account was connected,
 * for what is older.
 */
export function refused(message: Message, error: GatewayError, now: Date, chance: number, since?: string): Settled {
  return error.meaning.tryAgain === 'never'
    ? failed(withReply(message, error), error, now)
    : putOff(message, error, now, chance, since);
}

/** It could not be sent for a reason that lies in the server or in us: it is tried again, for two days. */
export function putOff(message: Message, error: GatewayError, now: Date, chance: number, since?: string): Settled {
  const replied = withReply(message, error);
  if (isTooOld(message, error, now, since)) return failed(replied, error, now);
  const wait = Math.max(backOff(retrySteps, message.attempts, chance), (error.data.retryAfter ?? 0) * 1000);
  const until = new Date(now.getTime() + wait).toISOString();
  return { message: deferred(replied, error, until, now), dueAt: until };
}

/**
 * Its server can send nothing until a time: nothing is held against the message, which waits with the others and keeps
 * its place (`dueAt`), but not for ever.
 */
export function held(
  message: Message,
  error: GatewayError,
  until: string,
  dueAt: string,
  now: Date,
  since?: string,
): Settled {
  return isTooOld(message, error, now, since)
    ? failed(message, error, now)
    : { message: deferred(message, error, until, now), dueAt };
}

function withReply(message: Message, { data: { upstream } }: GatewayError): Message {
  return upstream?.text === undefined ? message : { ...message, lastReply: upstream.text };
}

/** Patience begins when the message was to be sent, or was last tried again by hand. */
function beganAt({ createdAt, scheduledAt = createdAt, retriedAt = scheduledAt }: Message): string {
  return retriedAt;
}

/** Whether it is so old that what happened before its account was last connected may matter. */
export function isOld(message: Message, now: Date): boolean {
  return now.getTime() - Date.parse(beganAt(message)) > giveUpAfter;
}

function isTooOld(message: Message, { meaning }: GatewayError, now: Date, since = ''): boolean {
  const began = beganAt(message);
  if (now.getTime() - Date.parse(began) > giveUpWaitingAfter) return true;
  if (meaning.tryAgain === 'after consent') return false;
  return isOld(message, now) && (since <= began || now.getTime() - Date.parse(since) > giveUpAfter);
}

function failed(message: Message, error: GatewayError, now: Date): Settled {
  return {
    message: {
      ...withoutState(message),
      ...noted(message, 'failed', now, error.message),
      cause: causeOf(error, now),
      recipients: message.recipients.map((recipient) =>
        recipient.status === 'sent' ? recipient : refusedRecipient(recipient, error.data.upstream?.text),
      ),
    },
  };
}

function deferred(message: Message, error: GatewayError, until: string, now: Date): Message {
  return {
    ...withoutState(message),
    ...notedOnce(message, 'deferred', now, error.message),
    cause: causeOf(error, now),
    nextAttemptAt: until,
  };
}

/** With 500 recipients each reply counts: a row of the table holds a megabyte. */
function refusedRecipient({ address }: RecipientState, reply: string | undefined): RecipientState {
  return { address, status: 'refused', ...(reply !== undefined && { reply: reply.slice(0, 200) }) };
}

/** A server that is down for hours would fill the history with the same line. */
function notedOnce(
  message: Message,
  status: MessageStatus,
  now: Date,
  detail: string,
): Pick<Message, 'status' | 'history'> {
  const last = message.history.at(-1);
  if (last?.status === status && last.detail === detail) return { status, history: message.history };
  return noted(message, status, now, detail);
}
