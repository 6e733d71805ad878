import { logIn } from '../servers/log-in.ts';
import type { FolderCursor, IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import type { FetchPorts } from './fetch-ports.ts';

/**
 * Tests an incoming server by logging in and opening its folders, and, when that worked, confirms it: from now on what
 * arrives is read. A folder read before goes on where it was.
 * @throws GatewayError what `logIn` throws, `folder-not-found`, `mailbox-not-opened`, `precondition-failed`
 */
export async function confirmIncomingServer(
  call: Call,
  { value: server, etag }: Stored<IncomingServer>,
  ports: FetchPorts,
): Promise<Stored<IncomingServer>> {
  const before = await ports.incomingStates.get(server.id);
  const cursors: Record<string, FolderCursor> = { ...before?.cursors };
  const session = await logIn(call, server, ports, ports.openMailbox);
  try {
    for (const folder of server.folders) {
      const { uidValidity, uidNext } = await session.open(folder);
      cursors[folder] ??= { uidValidity, lastUid: uidNext - 1 };
    }
  } finally {
    await session.close();
  }
  const now = call.now().toISOString();
  await ports.incomingStates.put(server.id, { cursors, failures: 0, nextFetchAt: now });
  return ports.incomingServers.replace(server.id, { ...server, state: 'confirmed' }, etag);
}
