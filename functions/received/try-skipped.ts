import { afterFetchOf, type FolderCursor } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { skippedAgain, withSkipped } from './folder-cursor.ts';
import { isBroken, mayBeOneMail } from './keep-around.ts';
import { keepBatch } from './keep-batch.ts';
import { parkMail, readMails } from './keep-mail.ts';
import { nothingKnown } from './known-mail.ts';
import { withCounts, type LoopGuard } from './loop-guard.ts';
import { withUnsettled } from './settle-mail.ts';
import type { Turn } from './turn.ts';

/**
 * Tries mail again that could not be read, each when it is due; what was tried often enough is parked. After what is new:
 * the connection may break over it once more.
 * @throws GatewayError what the session and our storage throw, when it is not about the mail
 */
export async function trySkipped(
  call: Call,
  before: FolderCursor,
  guard: LoopGuard,
  turn: Turn,
  ports: FetchPorts,
): Promise<void> {
  const { folder, uidValidity, skipped = [] } = before;
  let cursor = before;
  for (const mail of skipped) {
    const isDue = mail.nextTryAt <= call.now().toISOString() && !turn.isOver();
    const server = isDue ? await turn.server() : undefined;
    if (server === undefined) continue;
    const info = { uid: mail.uid, size: mail.size, internalDate: new Date(mail.arrivedAt) };
    const source = { server, folder, uidValidity, guard };
    const reading = readMails(source, [info], turn.session, ports);
    const { error } = await keepBatch(call, source, [info], reading, nothingKnown, turn.session, ports);
    const others = (cursor.skipped ?? []).filter(({ uid }) => uid !== mail.uid);
    if (error === undefined) cursor = withUnsettled(withSkipped(cursor, others), [mail.uid], afterFetchOf(server));
    else if (mayBeOneMail(error) || (isBroken(error) && !call.signal.aborted)) {
      turn.complain(error);
      const later = skippedAgain(mail, info, call.now());
      if (later === undefined) await parkMail(call, source, info, error, ports);
      cursor = withSkipped(cursor, later === undefined ? others : [...others, later]);
    }
    cursor = withCounts(cursor, guard);
    turn.note(cursor);
    if (error !== undefined && !mayBeOneMail(error)) throw error;
  }
}
