import { createHash } from 'node:crypto';
import type { PassingStates, States } from '../shared/collection.ts';
import type { Records } from '../shared/records.ts';
import type { Message } from './message.ts';

/** The message that goes by a Message-ID which does not name it: its caller's own, or the mail server's. */
export interface SentId {
  readonly message: string;
}

export interface SentIdPorts {
  readonly messages: Records<Message>;
  readonly sentIds: States<SentId>;
}

/** Notes which message goes by a Message-ID that is not of our making. The latest counts. */
export function noteSentId(messageId: string, message: string, sentIds: States<SentId>): Promise<void> {
  return sentIds.put(keyOf(messageId), { message });
}

/** Forgets what Message-IDs a message goes by besides those that name it. What another goes by since stays. */
export async function forgetSentIds(
  { id, messageId, serverMessageId }: Message,
  sentIds: PassingStates<SentId>,
): Promise<void> {
  for (const each of [messageId, serverMessageId]) {
    if (each !== undefined && idOfMessageId(each) === undefined)
      await sentIds.removeIf(keyOf(each), ({ message }) => message === id);
  }
}

/** The message that goes by a Message-ID; undefined when none of ours does. */
export async function findSentMessage(
  messageId: string,
  { messages, sentIds }: SentIdPorts,
): Promise<Message | undefined> {
  const id = idOfMessageId(messageId) ?? (await sentIds.get(keyOf(messageId)))?.message;
  return id === undefined ? undefined : messages.get(id);
}

/**
 * The message that a mail answers, by its In-Reply-To and References. One read tells that it answers none; of the
 * earlier mail of a conversation only Message-IDs that name our messages are looked up.
 */
export async function findAnswered(
  inReplyTo: string | undefined,
  references: readonly string[],
  ports: SentIdPorts,
): Promise<Message | undefined> {
  const [last, ...earlier] = [inReplyTo ?? [], references.toReversed()].flat();
  const answered = last === undefined ? undefined : await findSentMessage(last, ports);
  if (answered !== undefined) return answered;
  const ours = earlier.find((id) => id !== last && idOfMessageId(id) !== undefined);
  return ours === undefined ? undefined : findSentMessage(ours, ports);
}

/** The id of the message that carries a Message-ID; undefined when it is none of our making. */
export function idOfMessageId(messageId: string): string | undefined {
  return /^<(msg_[0-9a-hjkmnp-tv-z]{30})@/.exec(messageId)?.[1];
}

function keyOf(messageId: string): string {
  return createHash('sha256').update(messageId).digest('hex');
}
