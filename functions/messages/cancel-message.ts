import type { Call } from '../shared/call.ts';
import { changeMessage, wrongState, type ChangePorts } from './change-message.ts';
import { noted, withoutState } from './message-history.ts';
import type { Message } from './message.ts';
import { isWaiting } from './when-taken.ts';

/** Sees to it that a message which waits is never sent. @throws GatewayError `not-found`, `conflict` */
export function cancelMessage(call: Call, id: string, ports: ChangePorts): Promise<Message> {
  const cancel = (message: Message) => {
    if (!isWaiting(message)) throw wrongState(message, 'only one that waits to be sent can be cancelled');
    return { message: { ...withoutState(message), ...noted(message, 'cancelled', call.now()) } };
  };
  return changeMessage(call, id, cancel, ports);
}
