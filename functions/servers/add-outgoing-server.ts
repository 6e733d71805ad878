import type { Account } from '../accounts/account.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { newId } from '../shared/ids.ts';
import { normalise } from '../shared/address.ts';
import type { OnUnknown, OutgoingServer, SendingLimits } from './outgoing-server.ts';

export interface NewOutgoingServer {
  readonly name: string;
  readonly active: boolean;
  readonly priority: number;
  readonly account: string;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly encryption: OutgoingServer['encryption'];
  readonly fromFilter?: readonly string[] | undefined;
  readonly owner: string | null;
  readonly maxMessageSize?: number | undefined;
  readonly limits: SendingLimits;
  readonly onUnknown: OnUnknown;
}

/** Adds an outgoing server. Without a From filter it may send as its owner or else its account alone, which is what Exchange allows. */
export async function addOutgoingServer(
  call: Call,
  wanted: NewOutgoingServer,
  account: Account,
  ports: { outgoingServers: Collection<OutgoingServer>; smtpServer: { host: string; port: number } },
): Promise<Stored<OutgoingServer>> {
  const server: OutgoingServer = {
    id: newId('out'),
    name: wanted.name,
    active: wanted.active,
    priority: wanted.priority,
    account: account.id,
    host: wanted.host ?? ports.smtpServer.host,
    port: wanted.port ?? ports.smtpServer.port,
    encryption: wanted.encryption,
    owner: wanted.owner,
    fromFilter: wanted.fromFilter ?? [normalise(wanted.owner ?? account.address)],
    ...(wanted.maxMessageSize !== undefined && { maxMessageSize: wanted.maxMessageSize }),
    limits: wanted.limits,
    onUnknown: wanted.onUnknown,
    createdAt: call.now().toISOString(),
  };
  return ports.outgoingServers.add(server.id, server);
}
