import { GatewayError } from '../shared/errors.ts';
import type { Planned } from './accepted.ts';

/** @throws GatewayError `message-too-large` when the outgoing server is known to take less */
export function demandSize(size: number, { answer, maxSize }: Planned, isWhole = true): void {
  if (maxSize === undefined || size <= maxSize) return;
  throw new GatewayError(
    'message-too-large',
    `The message has ${isWhole ? '' : 'more than '}${octets(size)} octets as it is sent; the outgoing server ${answer.outgoingServer} takes ${octets(maxSize)} at most.`,
    { data: { remedy: 'Send less, or a link to it: attachments grow by a third on their way.' } },
  );
}

function octets(count: number): string {
  return count.toLocaleString('en');
}
