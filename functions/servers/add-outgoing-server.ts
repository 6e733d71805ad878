import type { Account } from '../accounts/account.ts';
import { isAddress, normalise } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { newId } from '../shared/ids.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { keepPassword } from './keep-password.ts';
import type { Encryption } from './mail-login.ts';
import type { OnUnknown, OutgoingServer, SendingLimits } from './outgoing-server.ts';

interface NewServer {
  readonly name: string;
  readonly active: boolean;
  readonly priority: number;
  readonly port?: number | undefined;
  readonly encryption: Encryption;
  readonly fromFilter?: readonly string[] | undefined;
  readonly owner: string | null;
  readonly maxMessageSize: number | null;
  readonly limits: SendingLimits;
  readonly onUnknown: OnUnknown;
}

export interface NewAccountOutgoingServer extends NewServer {
  readonly host?: string | undefined;
}

export interface NewPasswordOutgoingServer extends NewServer {
  readonly username: string;
  readonly password: string;
  readonly host: string;
}

/** Adds an outgoing server. Without a From filter it may send as its owner or else its account alone, which is what Exchange allows. */
export async function addOutgoingServer(
  call: Call,
  wanted: NewAccountOutgoingServer,
  account: Account,
  ports: { outgoingServers: Collection<OutgoingServer>; smtpServer: { host: string; port: number } },
): Promise<Stored<OutgoingServer>> {
  const server: OutgoingServer = {
    ...newServer(call, wanted),
    account: account.id,
    host: wanted.host ?? ports.smtpServer.host,
    port: wanted.port ?? ports.smtpServer.port,
    fromFilter: wanted.fromFilter ?? [normalise(wanted.owner ?? account.address)],
  };
  return ports.outgoingServers.add(server.id, server);
}

/** Adds an outgoing server with a password. Without a From filter it may send as its owner or else its username, if that is an address. */
export async function addPasswordOutgoingServer(
  call: Call,
  wanted: NewPasswordOutgoingServer,
  ports: { outgoingServers: Collection<OutgoingServer>; secrets: SecretStore },
): Promise<Stored<OutgoingServer>> {
  const { username, password, host, encryption } = wanted;
  const own = wanted.owner ?? username;
  const server: OutgoingServer = {
    ...newServer(call, wanted),
    username,
    host,
    // RFC 8314 7.3: submission over TLS, and submission.
    port: wanted.port ?? (encryption === 'tls' ? 465 : 587),
    fromFilter: wanted.fromFilter ?? (isAddress(own) ? [normalise(own)] : []),
  };
  const { outgoingServers: servers, secrets } = ports;
  const add = (passwordSecret: string) => servers.add(server.id, { ...server, passwordSecret });
  return keepPassword(call, server, password, add, { servers, secrets });
}

function newServer(call: Call, wanted: NewServer) {
  const { name, active, priority, encryption, owner, maxMessageSize, limits, onUnknown } = wanted;
  return {
    ...{ id: newId('out'), name, active, priority, encryption, owner, maxMessageSize },
    ...{ limits, onUnknown, createdAt: call.now().toISOString() },
  };
}
