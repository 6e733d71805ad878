import { GatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { Message } from './message.ts';

const endOfTime = new Date('9999-12-31T00:00:00Z');

/** @throws GatewayError `conflict` when the server has messages that are not finished: without it nobody would send them */
export async function demandNothingLeft(outgoingServer: string, messages: Records<Message>): Promise<void> {
  const [left] = await messages.due(outgoingServer, endOfTime, 1);
  if (left === undefined) return;
  throw new GatewayError('conflict', `${outgoingServer} still has messages to send, such as ${left.record.id}.`, {
    data: { remedy: 'Wait until they are sent, or switch the server off for new ones with {"active": false}.' },
  });
}
