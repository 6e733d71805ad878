import type { Message } from './message.ts';
import { isWaiting } from './when-taken.ts';

/** When a message that waits will be sent at the earliest, ISO 8601; undefined for one that does not wait. */
export function estimateSendAt(
  message: Pick<Message, 'status' | 'createdAt' | 'scheduledAt' | 'nextAttemptAt'>,
): string | undefined {
  if (!isWaiting(message)) return undefined;
  return message.nextAttemptAt ?? message.scheduledAt ?? message.createdAt;
}
