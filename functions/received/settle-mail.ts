import type { AfterFetch, FolderCursor } from '../servers/incoming-server.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { MailboxSession } from './mailbox-reader.ts';

/** So many mails are marked or moved with one command: its line stays well below 8,192 octets (RFC 7162 4). */
export const settledAtOnce = 500;
/** Of mail that the server does not let be marked or moved, the newest are tried again. */
const triedAgain = 1000;

/** The cursor with a note of mail that is kept and delivered, and is now to be marked or moved. */
export function withUnsettled(cursor: FolderCursor, uids: readonly number[], afterFetch: AfterFetch): FolderCursor {
  if (afterFetch === 'none' || uids.length === 0) return cursor;
  return { ...cursor, unsettled: [...(cursor.unsettled ?? []), ...uids].slice(-triedAgain) };
}

/**
 * Marks or moves mail as its server says. Doing it again changes nothing: what is seen stays seen, what is moved has no
 * such UID any more. What fails is told and noted for the next look; it keeps no mail from being read. Never throws.
 */
export async function settleMail(
  cursor: FolderCursor,
  afterFetch: AfterFetch,
  turn: { readonly session: MailboxSession; complain(error: GatewayError): void },
): Promise<FolderCursor> {
  const { unsettled = [], ...settled } = cursor;
  if (afterFetch === 'none') return settled;
  for (let at = 0; at < unsettled.length; at += settledAtOnce) {
    const uids = unsettled.slice(at, at + settledAtOnce);
    try {
      if (afterFetch === 'seen') await turn.session.markSeen(cursor, uids);
      else await turn.session.move(cursor, uids, afterFetch.move);
    } catch (thrown) {
      turn.complain(toGatewayError(thrown));
      return { ...settled, unsettled: unsettled.slice(at) };
    }
  }
  return settled;
}
