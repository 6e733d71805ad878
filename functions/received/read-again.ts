import { placeOf, type FolderCursor, type IncomingServer, type IncomingState } from '../servers/incoming-server.ts';
import { readAgainSince } from './folder-cursor.ts';
import type { ReceivedMessage } from './received-message.ts';

/** How far the folder of a mail has been read; undefined where its server does not read it. */
export function cursorOver(
  { mailbox, folder }: ReceivedMessage,
  server: IncomingServer,
  state: IncomingState | undefined,
): FolderCursor | undefined {
  if (mailbox.toLowerCase() !== server.mailbox.toLowerCase()) return undefined;
  const cursors = [...(state?.place === placeOf(server) ? state.cursors : []), ...(server.starts ?? [])];
  return cursors.find((cursor) => cursor.folder === folder);
}

/** True for a mail that the reader has not passed yet, or would read again if the UIDs of its folder started anew. */
export function mayBeReadAgain({ uidValidity, uid, createdAt }: ReceivedMessage, cursor: FolderCursor): boolean {
  const isAhead = uidValidity === cursor.uidValidity && uid > cursor.lastUid;
  return isAhead || createdAt >= readAgainSince(cursor);
}
