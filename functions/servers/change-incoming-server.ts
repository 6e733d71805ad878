import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { demandFitting, type AuthenticationChange } from './authentication.ts';
import { demandReadable, demandSameSince, sinceSecond } from './demand-readable.ts';
import { changedIncomingServer, type IncomingServer } from './incoming-server.ts';
import { keepPassword } from './keep-password.ts';

type Fields = Required<
  Pick<
    IncomingServer,
    | 'name'
    | 'mailbox'
    | 'host'
    | 'port'
    | 'folders'
    | 'every'
    | 'afterFetch'
    | 'since'
    | 'keepRawDays'
    | 'destinations'
    | 'rules'
    | 'loopGuard'
  >
>;

/**
 * Changes some fields of an incoming server. With another password alone it stays confirmed, and is read at once.
 * @throws GatewayError `request-invalid` (see demandFitting, demandReadable, demandSameSince), `precondition-failed`
 */
export async function changeIncomingServer(
  call: Call,
  { value: server, etag }: Stored<IncomingServer>,
  change: AuthenticationChange & { readonly [K in keyof Fields]?: Fields[K] | undefined },
  ports: { incomingServers: Collection<IncomingServer>; secrets: SecretStore; queues: WorkQueues },
): Promise<Stored<IncomingServer>> {
  demandFitting(server, change);
  const { password, mailbox = change.username, ...fields } = change;
  const { incomingServers: servers, secrets, queues } = ports;
  const since = fields.since === undefined ? undefined : sinceSecond(fields.since);
  const changed = changedIncomingServer(server, { ...fields, since, mailbox });
  demandReadable(call.now(), changed);
  demandSameSince(server, changed);
  const write = (passwordSecret?: string) =>
    servers.replace(server.id, { ...changed, ...(passwordSecret !== undefined && { passwordSecret }) }, etag);
  if (password === undefined) return write();
  const stored = await keepPassword(call, server, password, write, { servers, secrets });
  if (stored.value.state === 'confirmed') await queues.fetch([server.id]);
  return stored;
}
