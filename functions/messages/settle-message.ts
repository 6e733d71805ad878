import { causeOf, GatewayError, type TryAgain } from '../shared/errors.ts';
import { backOff } from '../shared/back-off.ts';
import type { SentCopy } from '../received/mailbox-reader.ts';
import { outlastsPatience } from '../servers/outgoing-pause.ts';
import type { Envelope, SendResult } from './mail-sender.ts';
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

/**
 * The message as its content is about to be handed over, with the login of an account or, without one, by a password;
 * kept before the first octet leaves.
 */
export function begun(message: Message, account: string | undefined, now: Date): Message {
  const { sentBy, ...rest } = withoutState(message);
  return {
    ...rest,
    ...noted(message, 'sending', now),
    attempts: message.attempts + 1,
    ...(account !== undefined && { sentBy: account }),
  };
}

/** Whom it is still to be handed over for: those who have not got it and were not refused for good. */
export function outstanding({ envelope, recipients }: Message): Envelope {
  return { ...envelope, to: recipients.filter(({ status }) => status === 'waiting').map(({ address }) => address) };
}

/**
 * The server took it, for all or for some of its recipients. It is tried again for those it refused for now, and for
 * nobody else. `chance` (0 to 1) spreads the retries; `since` is when its account was connected, for what is older.
 */
export function sent(message: Message, result: SendResult, now: Date, chance = 0, since?: string): Settled {
  const replies = new Map(result.recipients.map((recipient) => [recipient.address, recipient]));
  const isLast = isTooOld(message, false, now, since);
  const recipients = message.recipients.map((recipient) => {
    const outcome = replies.get(recipient.address);
    if (outcome === undefined) return recipient;
    if (outcome.accepted) return { address: recipient.address, status: 'sent' } as const;
    const refused = refusedRecipient(recipient, outcome.reply);
    return outcome.reply?.startsWith('4') === true && !isLast ? { ...refused, status: 'waiting' as const } : refused;
  });
  const taken = {
    ...withoutState(message),
    lastReply: result.reply,
    recipients,
    sentAt: message.sentAt ?? now.toISOString(),
    ...(result.messageId !== undefined &&
      result.messageId !== message.messageId && { serverMessageId: result.messageId }),
  };
  const left = recipients.filter(({ status }) => status === 'waiting');
  if (left.length === 0) return { message: { ...taken, ...noted(message, 'sent', now, result.reply) } };
  const error = new GatewayError('mail-server-busy', `The server put off ${left.length} of the recipients.`);
  return putOff(taken, error, now, chance, since);
}

/** It lies in Sent Items, so the server did take it. */
export function foundSent(message: Message, copy: SentCopy, now: Date): Settled {
  return sent(
    message,
    {
      ...copy,
      reply: 'Found in Sent Items',
      recipients: outstanding(message).to.map((address) => ({ address, accepted: true })),
    },
    now,
  );
}

/**
 * It was handed over and nobody knows whether it was taken, because the connection broke or we crashed, or because Sent
 * Items, which tell, could not be read: look there before anything else, ever more seldom. After two days of looking in
 * vain it stays `unknown` for good; a mailbox that waits for a consent is waited for longer.
 */
export function undecided(message: Message, detail: string, now: Date, tryAgain: TryAgain = 'later'): Settled {
  const elapsed = sinceHandedOver(message, now);
  const unknown = unknownFor(message, detail, now);
  if (elapsed > (tryAgain === 'after consent' ? giveUpWaitingAfter : giveUpAfter)) return { message: unknown };
  const filed = filedAfter + (filedAfterPerMegabyte * message.size) / megabyte;
  const wait = message.status === 'unknown' ? Math.max(filed, Math.min(elapsed, longestLookout)) : filed;
  const until = new Date(now.getTime() + wait).toISOString();
  return { message: { ...unknown, nextAttemptAt: until }, dueAt: until };
}

/** As `undecided`, where nothing can ever tell: it stays `unknown`, for somebody to decide. */
export function undecidable(message: Message, detail: string, now: Date): Settled {
  return { message: unknownFor(message, detail, now) };
}

function unknownFor(message: Message, detail: string, now: Date): Message {
  const place = message.sentBy === undefined ? 'log of the mail server' : 'Sent Items of the mailbox that sends';
  const error = new GatewayError('outcome-unknown', detail, {
    data: { remedy: `Look for ${message.messageId} in the ${place}.` },
  });
  return { ...withoutState(message), ...notedOnce(message, 'unknown', now, detail), cause: causeOf(error, now) };
}

/** It was not sent for certain, and goes back into the queue. */
export function again(message: Message, detail: string, now: Date): Settled {
  return { message: { ...withoutState(message), ...noted(message, 'queued', now, detail) }, dueAt: now.toISOString() };
}

/** Milliseconds since it was last handed over. */
export function sinceHandedOver({ history, createdAt }: Message, now: Date): number {
  return now.getTime() - Date.parse(history.findLast(({ status }) => status === 'sending')?.at ?? createdAt);
}

/** The message as it was before it was begun: what kept it says nothing about it. */
export function untried(message: Message): Message {
  return { ...message, attempts: message.attempts - 1 };
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
  if (isTooOld(message, error.meaning.tryAgain === 'after consent', now, since)) return failed(replied, error, now);
  const wait = Math.max(backOff(retrySteps, message.attempts, chance), (error.data.retryAfter ?? 0) * 1000);
  const until = new Date(now.getTime() + wait).toISOString();
  return { message: deferred(replied, error, until, now), dueAt: until };
}

/**
 * Its server can send nothing until a time: nothing is held against the message, which waits with the others and keeps
 * its place (`dueAt`), but not for ever: longer where the wait ends by itself, or somebody has to act.
 */
export function held(
  message: Message,
  error: GatewayError,
  until: string,
  dueAt: string,
  now: Date,
  since?: string,
): Settled {
  return isTooOld(message, outlastsPatience(error), now, since)
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

function isTooOld(message: Message, mayWait: boolean, now: Date, since = ''): boolean {
  const began = beganAt(message);
  if (now.getTime() - Date.parse(began) > giveUpWaitingAfter) return true;
  if (mayWait) return false;
  return isOld(message, now) && (since <= began || now.getTime() - Date.parse(since) > giveUpAfter);
}

/** Somebody has got it: then it was sent, whatever became of the others. */
function failed(message: Message, error: GatewayError, now: Date): Settled {
  const isSent = message.recipients.some(({ status }) => status === 'sent');
  return {
    message: {
      ...withoutState(message),
      ...noted(message, isSent ? 'sent' : 'failed', now, error.message),
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
