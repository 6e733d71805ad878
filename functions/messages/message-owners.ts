import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { RemovedServer } from '../servers/removed-server.ts';
import type { Recent } from '../shared/collection.ts';

export interface OwnerPorts {
  readonly outgoingServers: Recent<OutgoingServer>;
  readonly removedServers: Recent<RemovedServer>;
}

/** The ids of all outgoing servers that have messages, also of those that were removed; in their order. */
export async function listMessageOwners({ outgoingServers, removedServers }: OwnerPorts): Promise<string[]> {
  const lists = await Promise.all([outgoingServers.recent(), removedServers.recent()]);
  return [...new Set(lists.flat().map(({ value }) => value.id))].toSorted();
}
