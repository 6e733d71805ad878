import { logIn } from '../servers/log-in.ts';
import type { FolderCursor, IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { newCursor } from './folder-cursor.ts';
import type { FolderState, MailboxSession } from './mailbox-reader.ts';

/**
 * Tests an incoming server by logging in and opening its folders, and, when that worked, confirms it: what arrives from
 * now on is read. A folder that was confirmed or read before goes on where it was.
 * @throws GatewayError what `logIn` throws, `folder-not-found` with a pointer to the folder, `mailbox-not-opened`,
 *   `precondition-failed`
 */
export async function confirmIncomingServer(
  call: Call,
  { value: server, etag }: Stored<IncomingServer>,
  ports: Pick<FetchPorts, 'accounts' | 'tokens' | 'incomingServers' | 'queues' | 'openMailbox'>,
): Promise<Stored<IncomingServer>> {
  const starts: FolderCursor[] = [...(server.starts ?? [])];
  const session = await logIn(call, server, ports, ports.openMailbox);
  try {
    for (const [index, folder] of server.folders.entries()) {
      const opened = await open(folder, index, session);
      if (!starts.some((start) => start.folder === folder)) starts.push(newCursor(folder, opened, call.now()));
    }
  } finally {
    await session.close();
  }
  const stored = await ports.incomingServers.replace(server.id, { ...server, starts, state: 'confirmed' }, etag);
  // The first look also forgets the trouble there was before.
  await ports.queues.fetch([server.id]);
  return stored;
}

async function open(folder: string, index: number, session: MailboxSession): Promise<FolderState> {
  try {
    return await session.open(folder);
  } catch (thrown) {
    const { code, message, cause, data } = toGatewayError(thrown);
    if (code !== 'folder-not-found') throw thrown;
    const errors = [{ pointer: `/folders/${index}`, detail: 'is not a folder of this mailbox' }];
    throw new GatewayError(code, message, { cause, data: { ...data, errors } });
  }
}
