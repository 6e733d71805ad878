import type { Call } from '../shared/call.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { changeMessage, wrongState, type ChangePorts } from './change-message.ts';
import { noted, withoutState } from './message-history.ts';
import type { Message, RecipientState } from './message.ts';
import type { Settled } from './settle-message.ts';

/**
 * Tries a message again at once, for those of its recipients that no server has accepted yet. One of which nobody knows
 * whether it was sent (`unknown`) is tried only `evenIfSent`, for they may get it twice.
 * @throws GatewayError `not-found`, `conflict`
 */
export async function retryMessage(
  call: Call,
  id: string,
  { evenIfSent }: { evenIfSent: boolean },
  ports: ChangePorts & { queues: WorkQueues },
): Promise<Message> {
  const changed = await changeMessage(call, id, (message) => triedAgain(message, evenIfSent, call.now()), ports);
  await ports.queues.send(changed.outgoingServer);
  return changed;
}

function triedAgain(given: Message, evenIfSent: boolean, now: Date): Settled {
  // Whoever asks for it now does not want it to have expired.
  const { expiresAt, ...message } = withoutState(given);
  const left = message.recipients.filter(({ status }) => status === 'waiting' || status === 'refused');
  demandRetryable(given, left, evenIfSent);
  const waiting = new Set(left.map(({ address }) => address));
  return {
    message: {
      ...message,
      ...noted(message, 'queued', now, 'Tried again by hand'),
      envelope: { from: message.envelope.from, to: [...waiting] },
      recipients: message.recipients.map((recipient) =>
        waiting.has(recipient.address) ? { address: recipient.address, status: 'waiting' } : recipient,
      ),
      retriedAt: now.toISOString(),
    },
    dueAt: now.toISOString(),
  };
}

function demandRetryable(message: Message, left: readonly RecipientState[], evenIfSent: boolean): void {
  switch (message.status) {
    case 'failed':
    case 'expired':
    case 'deferred':
      return;
    case 'sent':
      if (left.length > 0) return;
      throw wrongState(message, 'a server has accepted it for every recipient');
    case 'unknown':
      if (evenIfSent) return;
      throw wrongState(
        message,
        'it may have been sent, and would then be sent twice',
        `Look for ${message.messageId} in the Sent Items of the mailbox that sends; to send it in any case, retry with ?evenIfSent=true.`,
      );
    default:
      throw wrongState(message, 'only one that failed, expired, is deferred or unknown can be tried again');
  }
}
