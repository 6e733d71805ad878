import type { Account } from '../accounts/account.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { newId } from '../shared/ids.ts';
import type { IncomingServer } from './incoming-server.ts';

export interface NewIncomingServer {
  readonly name: string;
  readonly mailbox?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly encryption: IncomingServer['encryption'];
  readonly folders: readonly string[];
  readonly every: number;
  readonly destinations: readonly string[];
}

/** Adds an incoming server, which reads nothing until it is confirmed. */
export async function addIncomingServer(
  call: Call,
  wanted: NewIncomingServer,
  account: Account,
  ports: { incomingServers: Collection<IncomingServer>; imapServer: { host: string; port: number } },
): Promise<Stored<IncomingServer>> {
  const { name, mailbox, host, port, encryption, folders, every, destinations } = wanted;
  const server: IncomingServer = {
    id: newId('inc'),
    name,
    state: 'draft',
    account: account.id,
    mailbox: mailbox ?? account.address,
    host: host ?? ports.imapServer.host,
    port: port ?? ports.imapServer.port,
    encryption,
    folders,
    every,
    destinations,
    createdAt: call.now().toISOString(),
  };
  return ports.incomingServers.add(server.id, server);
}
