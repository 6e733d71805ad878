import { examineIncomingServer, type ExamineIncomingPorts } from '../health/examine-incoming-server.ts';
import type { FolderCursor, IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { newCursor } from './folder-cursor.ts';

/**
 * Examines an incoming server and, when it passes, confirms it: what arrives from now on is read, or
 * what has arrived `since`. A folder that was
 * confirmed or read before goes on where it was.
 * @throws GatewayError why it did not pass, with the whole report in `data.report`: `account-not-connected`,
 *   `reauth-required`, `mail-login-refused`, `mailbox-not-opened`, `folder-not-found` with a pointer to the folder, ...;
 *   and `precondition-failed`
 */
export async function confirmIncomingServer(
  call: Call,
  { value: server, etag }: Stored<IncomingServer>,
  ports: ExamineIncomingPorts & { readonly incomingServers: Collection<IncomingServer> },
): Promise<Stored<IncomingServer>> {
  const { report, failure, folders } = await examineIncomingServer(call, server, ports);
  if (failure !== undefined) {
    const { code, message, cause, data } = failure;
    throw new GatewayError(code, message, { cause, data: { ...data, report } });
  }
  const starts: FolderCursor[] = [...(server.starts ?? [])];
  for (const [folder, opened] of folders) {
    if (!starts.some((start) => start.folder === folder))
      starts.push(newCursor(folder, opened, call.now(), server.since));
  }
  const confirmed = { ...server, starts, state: 'confirmed' as const, confirmedAt: call.now().toISOString() };
  const stored = await ports.incomingServers.replace(server.id, confirmed, etag);
  // The first look also forgets the trouble there was before.
  await ports.queues.fetch([server.id]);
  return stored;
}
