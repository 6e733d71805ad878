import type { Collection } from '../shared/collection.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { IncomingServer } from './incoming-server.ts';
import type { OutgoingServer } from './outgoing-server.ts';

interface Ports {
  readonly outgoingServers: Collection<OutgoingServer>;
  readonly incomingServers: Collection<IncomingServer>;
  readonly queues: WorkQueues;
}

/**
 * Sets the servers of an account to work at once after its consent. That they need not wait any longer they see for
 * themselves: the account was connected after their last attempt (`isMended`).
 */
export async function wakeServers(accountId: string, ports: Ports): Promise<void> {
  const uses = ({ value }: { value: { account?: string } }): boolean => value.account === accountId;
  for (const { value } of (await ports.outgoingServers.list()).filter(uses)) await ports.queues.send(value.id);
  const incoming = (await ports.incomingServers.list()).filter(uses).filter(({ value }) => value.state === 'confirmed');
  if (incoming.length > 0) await ports.queues.fetch(incoming.map(({ value }) => value.id));
}
