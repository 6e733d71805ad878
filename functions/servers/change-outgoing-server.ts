import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { withChanges } from '../shared/with-changes.ts';
import { demandFitting, type AuthenticationChange } from './authentication.ts';
import { keepPassword } from './keep-password.ts';
import type { OutgoingServer } from './outgoing-server.ts';

type Fields = Omit<OutgoingServer, 'id' | 'createdAt' | 'passwordSecret' | keyof AuthenticationChange> &
  Pick<OutgoingServer, 'host'>;

/**
 * Changes some fields of an outgoing server, its password among them.
 * @throws GatewayError `request-invalid` (see demandFitting), `precondition-failed`
 */
export async function changeOutgoingServer(
  call: Call,
  { value: server, etag }: Stored<OutgoingServer>,
  change: AuthenticationChange & { readonly [K in keyof Fields]?: Fields[K] | undefined },
  ports: { outgoingServers: Collection<OutgoingServer>; secrets: SecretStore },
): Promise<Stored<OutgoingServer>> {
  demandFitting(server, change);
  const { password, ...fields } = change;
  const { outgoingServers: servers, secrets } = ports;
  const write = (passwordSecret?: string) =>
    servers.replace(server.id, withChanges(server, { ...fields, passwordSecret }), etag);
  return password === undefined ? write() : keepPassword(call, server, password, write, { servers, secrets });
}
