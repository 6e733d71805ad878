import { newEvent, type GatewayEvent } from '../events/event.ts';
import type { Message, Outcome } from './message.ts';
import { publicMessage } from './public-message.ts';

/** What destinations are told of a change; a deferral once for each reason, however often it is tried again. */
export function outcomeOf(before: Message, after: Message): Outcome | undefined {
  switch (after.status) {
    case 'sent':
      return 'message.sent';
    case 'failed':
      return 'message.failed';
    case 'deferred': {
      const reason = after.history.at(-1)?.detail;
      const isKnown = before.history.some(({ status, detail }) => status === 'deferred' && detail === reason);
      return isKnown ? undefined : 'message.deferred';
    }
    default:
      return undefined;
  }
}

/** The event that is still to be told of a message; its id is the same however often it is made. */
export function outcomeEvent({ untold, ...message }: Message): GatewayEvent | undefined {
  if (untold === undefined) return undefined;
  return newEvent(untold.outcome, message.id, new Date(untold.at), { ...publicMessage(message) });
}
