import type { Call } from '../shared/call.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { changeMessage, wrongState, type ChangePorts } from './change-message.ts';
import { noted, withoutState } from './message-history.ts';
import { demandTimes } from './message-times.ts';
import type { Message } from './message.ts';
import type { Settled } from './settle-message.ts';
import { isWaiting } from './when-taken.ts';

/**
 * Sets another time for a message that waits to be sent; null: now.
 * @throws GatewayError `not-found`, `conflict`, `request-invalid`
 */
export async function rescheduleMessage(
  call: Call,
  id: string,
  scheduledAt: string | null,
  ports: ChangePorts & { queues: WorkQueues },
): Promise<Message> {
  const reschedule = (given: Message): Settled => {
    if (!isWaiting(given)) throw wrongState(given, 'only one that waits to be sent can be given another time');
    const now = call.now();
    const { scheduledAt: before, ...message } = withoutState(given);
    if (scheduledAt === null)
      return { message: { ...message, ...noted(message, 'queued', now) }, dueAt: now.toISOString() };
    demandTimes({ scheduledAt, expiresAt: message.expiresAt }, now);
    return { message: { ...message, ...noted(message, 'scheduled', now), scheduledAt }, dueAt: scheduledAt };
  };
  const changed = await changeMessage(call, id, reschedule, ports);
  if (changed.status === 'queued') await ports.queues.send(changed.outgoingServer);
  return changed;
}
