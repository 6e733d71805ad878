import type { OutgoingServer } from './outgoing-server.ts';
import type { Collection } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';

/** What is remembered of an outgoing server after its removal: its messages are still there. */
export interface RemovedServer {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly removedAt: string;
}

/** Remembers a server that is about to be removed; doing it again changes nothing. */
export async function rememberServer(
  { id, name }: OutgoingServer,
  now: Date,
  removedServers: Collection<RemovedServer>,
): Promise<void> {
  try {
    await removedServers.add(id, { id, name, removedAt: now.toISOString() });
  } catch (thrown) {
    if (toGatewayError(thrown).code !== 'conflict') throw thrown;
  }
}
