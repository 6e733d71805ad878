import type { Account } from '../accounts/account.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { newId } from '../shared/ids.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { demandReadable, sinceSecond, unfit } from './demand-readable.ts';
import type { IncomingRule } from './incoming-rule.ts';
import type { AfterFetch, IncomingServer, LoopLimit } from './incoming-server.ts';
import { keepPassword } from './keep-password.ts';
import type { Encryption } from './mail-login.ts';

interface NewServer {
  readonly name: string;
  readonly mailbox?: string | undefined;
  readonly port?: number | undefined;
  readonly encryption: Encryption;
  readonly folders: readonly string[];
  readonly every: number;
  readonly afterFetch: AfterFetch;
  readonly since?: string | undefined;
  readonly keepRawDays: number | null;
  readonly destinations: readonly string[];
  readonly rules: readonly IncomingRule[];
  readonly loopGuard: LoopLimit | null;
}

export interface NewAccountIncomingServer extends NewServer {
  readonly host?: string | undefined;
}

export interface NewPasswordIncomingServer extends NewServer {
  readonly username?: string | undefined;
  readonly password: string;
  readonly host: string;
}

/**
 * Adds an incoming server, which reads nothing until it is confirmed.
 * @throws GatewayError `request-invalid` (see demandReadable)
 */
export async function addIncomingServer(
  call: Call,
  wanted: NewAccountIncomingServer,
  account: Account,
  ports: { incomingServers: Collection<IncomingServer>; imapServer: { host: string; port: number } },
): Promise<Stored<IncomingServer>> {
  const server: IncomingServer = {
    ...newServer(call, wanted),
    account: account.id,
    mailbox: wanted.mailbox ?? account.address,
    host: wanted.host ?? ports.imapServer.host,
    port: wanted.port ?? ports.imapServer.port,
  };
  demandReadable(call.now(), server);
  return ports.incomingServers.add(server.id, server);
}

/**
 * Adds an incoming server with a password, which reads nothing until it is confirmed. Its username is its mailbox:
 * either stands for the other.
 * @throws GatewayError `request-invalid` when there is neither, or when they differ; and see demandReadable
 */
export async function addPasswordIncomingServer(
  call: Call,
  wanted: NewPasswordIncomingServer,
  ports: { incomingServers: Collection<IncomingServer>; secrets: SecretStore },
): Promise<Stored<IncomingServer>> {
  const { mailbox = wanted.username, username = mailbox, password, host, encryption } = wanted;
  if (username === undefined) throw unfit('/username', 'is required');
  if (mailbox !== username) throw unfit('/mailbox', 'must be the username: a password opens no other mailbox');
  const server: IncomingServer = {
    ...newServer(call, wanted),
    username,
    mailbox: username,
    host,
    // RFC 8314 7.3 and RFC 3501 2.1.
    port: wanted.port ?? (encryption === 'tls' ? 993 : 143),
  };
  demandReadable(call.now(), server);
  const { incomingServers: servers, secrets } = ports;
  const add = (passwordSecret: string) => servers.add(server.id, { ...server, passwordSecret });
  return keepPassword(call, server, password, add, { servers, secrets });
}

function newServer(call: Call, wanted: NewServer) {
  const { name, encryption, folders, every, afterFetch, since, keepRawDays } = wanted;
  const { destinations, rules, loopGuard } = wanted;
  const createdAt = call.now().toISOString();
  const begins = since === undefined ? {} : { since: sinceSecond(since) };
  const routing = { destinations, rules, loopGuard };
  const fields = { name, encryption, folders, every, afterFetch, keepRawDays, ...routing, ...begins };
  return { id: newId('inc'), state: 'draft' as const, ...fields, createdAt };
}
