import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import { changeMessage, wrongState, type ChangePorts } from './change-message.ts';
import type { Message } from './message.ts';
import type { Settled } from './settle-message.ts';
import { settledUnsent } from './when-taken.ts';

const lookedAt = 30;

/** Expires messages of a server that cannot send for now: its sender, who does it otherwise, does not come to them. */
export async function expireMessages(call: Call, serverId: string, ports: ChangePorts): Promise<void> {
  const now = call.now();
  const expire = (message: Message): Settled => {
    const unsent = settledUnsent(message, now);
    if (unsent === undefined) throw wrongState(message, 'it has not expired');
    return unsent;
  };
  for (const { record } of await ports.messages.due(serverId, now, lookedAt)) {
    if (settledUnsent(record, now) === undefined) continue;
    try {
      await changeMessage(call, record.id, expire, ports);
    } catch (thrown) {
      if (toGatewayError(thrown).code !== 'conflict') throw thrown;
    }
  }
}
