import { setTimeout as pass } from 'node:timers/promises';
import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import { isFinished } from './change-message.ts';
import type { Message } from './message.ts';

/** Milliseconds between two looks: a server takes most messages within a second, and each look costs a request. */
const firstPause = 150;
const longestPause = 2000;

/**
 * Waits until it is known what became of a message, some seconds at the most, and answers it as it is then. The message
 * is kept by now: when it cannot be read, nothing is answered and nothing thrown.
 */
export async function awaitOutcome(
  call: Call,
  id: string,
  seconds: number,
  messages: Pick<Records<Message>, 'get'>,
): Promise<Message | undefined> {
  const until = call.now().getTime() + seconds * 1000;
  let message: Message | undefined;
  try {
    for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
      const left = until - call.now().getTime();
      if (left > 0) await pass(Math.min(pause, left), undefined, { signal: call.signal });
      message = await messages.get(id);
      if (left <= 0 || message === undefined || isFinished(message)) return message;
      // Nothing happens before its time.
      if (message.status === 'scheduled' && Date.parse(message.scheduledAt ?? '') > until) return message;
    }
  } catch (thrown) {
    const { code, cause } = toGatewayError(thrown);
    call.log.warn('The outcome of a message could not be waited for.', { message: id, code, cause });
    return message;
  }
}
