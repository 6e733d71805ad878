import { afterFetchOf, type FolderCursor } from '../servers/incoming-server.ts';
import { inBatches } from '../shared/batches.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { cursorFor, movedPast, passed, stuckAt, suspects, withKnown } from './folder-cursor.ts';
import { isBroken, keepAround, type Unread } from './keep-around.ts';
import { keepBatch } from './keep-batch.ts';
import { readMails } from './keep-mail.ts';
import { listKnownMail, nothingKnown } from './known-mail.ts';
import { createLoopGuard, withCounts } from './loop-guard.ts';
import type { MessageInfo } from './mailbox-reader.ts';
import { readAhead } from './read-ahead.ts';
import { settledAtOnce, settleMail, withUnsettled } from './settle-mail.ts';
import { trySkipped } from './try-skipped.ts';
import type { Turn } from './turn.ts';

const listed = 500;
const batchSize = { count: 100, octets: 64 * 1024 * 1024 };

/**
 * Reads what is new in a folder: batch by batch each mail is kept and delivered, or its delivery queued, and only then
 * the cursor moves. Of a batch that breaks off what came before is kept. A mail that cannot be read, or that connections
 * break over, is passed over, and tried again ever more seldom until it is parked.
 * @throws GatewayError `folder-not-found`, and what the session and our storage throw
 */
export async function readFolder(call: Call, folder: string, turn: Turn, ports: FetchPorts): Promise<void> {
  const { session } = turn;
  const { uidValidity, uidNext } = await session.open(folder);
  let cursor = cursorFor(folder, { uidValidity, uidNext }, turn.cursorOf(folder), call.now(), turn.found.since);
  turn.note(cursor);
  const place = { folder, uidValidity };
  const guard = createLoopGuard(folder, (name) => turn.cursorOf(name)?.senders ?? []);
  const { again } = cursor;
  if (again !== undefined && cursor.lastUid === 0) {
    const first = (await session.firstSince(new Date(again.since))) ?? again.upTo + 1;
    cursor = passed(Math.min(first, again.upTo + 1) - 1, cursor);
    turn.note(cursor);
  }
  const known = again && (await listKnownMail(turn.found.id, uidValidity, again.since, ports.received));
  while (cursor.lastUid < uidNext - 1 && !turn.isOver()) {
    const infos = (await session.after(cursor.lastUid, listed)).filter(({ uid }) => uid < uidNext);
    const readBatch = (some: readonly MessageInfo[], isHere?: () => void) =>
      readMails({ ...place, server: turn.found }, some, session, ports, isHere);
    const wanted = infos.filter((info) => mayBeNew(info, again));
    let passedBy = suspects(wanted, cursor);
    const batches = [
      ...inBatches(wanted.slice(passedBy.length), batchSize, ({ size: octets }) => ({ count: 1, octets })),
    ];
    let kept = 0;
    for await (const { batch: some, read } of readAhead(batches, readBatch, () => turn.isOver())) {
      const server = await turn.server();
      if (server === undefined) return;
      const source = { ...place, server, guard };
      const { count, met, unread, error } = await keepAround(some, (mails) =>
        keepBatch(call, source, mails, mails === some ? read : readBatch(mails), known ?? nothingKnown, session, ports),
      );
      if (count > 0) {
        const past = [...passedBy, ...some.slice(0, count)];
        const left = [...passedBy.map(brokenOver), ...unread];
        for (const each of left) turn.complain(each.error);
        const uids = past.map(({ uid }) => uid).filter((uid) => !left.some(({ info }) => info.uid === uid));
        cursor = withKnown(movedPast(past, left, cursor, call.now()), met);
        cursor = withCounts(withUnsettled(cursor, uids, afterFetchOf(server)), guard);
        await turn.save(cursor);
        passedBy = [];
      }
      if (error !== undefined) {
        const [next] = [...passedBy, ...some.slice(count)];
        if (next !== undefined && isBroken(error) && !call.signal.aborted) turn.note(stuckAt(next.uid, cursor));
        throw error;
      }
      if ((cursor.unsettled?.length ?? 0) >= settledAtOnce) {
        cursor = await settleMail(cursor, afterFetchOf(server), turn);
        turn.note(cursor);
      }
      kept++;
    }
    if (kept < batches.length) return;
    // Where nothing is left below the next UID, nothing ever comes there (RFC 3501 2.3.1.1).
    cursor = passed(infos.at(-1)?.uid ?? uidNext - 1, cursor);
    turn.note(cursor);
  }
  await trySkipped(call, cursor, guard, turn, ports);
}

function brokenOver(info: MessageInfo): Unread {
  const detail = `The connection breaks whenever the mail with UID ${String(info.uid)} is read.`;
  return { info, error: new GatewayError('mail-server-unreachable', detail) };
}

/** While the past of a folder is read, what arrived before the time to begin with is not asked for. */
function mayBeNew({ uid, internalDate }: MessageInfo, again: FolderCursor['again']): boolean {
  return again === undefined || uid > again.upTo || internalDate.toISOString() >= again.since;
}
