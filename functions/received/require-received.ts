import type { Caller } from '../access/caller.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Records } from '../shared/records.ts';
import type { ReceivedMessage } from './received-message.ts';

/** Those of the servers that the caller may read. */
export function readableServers(caller: Caller, servers: readonly string[]): string[] {
  return servers.filter((server) => caller.incomingServers?.includes(server) ?? true);
}

/** A received message the caller may read. @throws GatewayError `not-found`, the same for what is not theirs */
export async function requireReceived(
  caller: Caller,
  id: string,
  received: Records<ReceivedMessage>,
): Promise<ReceivedMessage> {
  const row = await received.get(id);
  if (row === undefined || readableServers(caller, [row.incomingServer]).length === 0) {
    throw new GatewayError('not-found', `There is no received message ${id.slice(0, 100)}.`);
  }
  return row;
}
