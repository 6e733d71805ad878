import { afterFetchOf, type FolderCursor, type IncomingServer, type SkippedMail } from '../servers/incoming-server.ts';
import { inBatches } from '../shared/batches.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { cursorFor, movedPast, passed, skippedAgain, withKnown, withSkipped } from './folder-cursor.ts';
import { keepAround, mayBeOneMail } from './keep-around.ts';
import { keepMail, parkMail, readMails } from './keep-mail.ts';
import { listKnownMail, nothingKnown } from './known-mail.ts';
import { createLoopGuard, withCounts, type LoopGuard } from './loop-guard.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';
import { readAhead } from './read-ahead.ts';
import { settledAtOnce, settleMail, withUnsettled } from './settle-mail.ts';

const listed = 500;
const batchSize = { count: 100, octets: 64 * 1024 * 1024 };

/** A turn at a mailbox, as the reading of a folder sees it. */
export interface Turn {
  /** The server as it was when the turn began. */
  readonly found: IncomingServer;
  readonly session: MailboxSession;
  /** How far the folder has been read; undefined when it is met for the first time. */
  cursorOf(folder: string): FolderCursor | undefined;
  /** Remembers a cursor, to be kept when the turn ends. */
  note(cursor: FolderCursor): void;
  /** Keeps a cursor at once. */
  save(cursor: FolderCursor): Promise<void>;
  isOver(): boolean;
  /** The server as it is now; undefined when it is no longer to be read, or not by us. */
  server(): Promise<IncomingServer | undefined>;
  /** Remembers why a mail could not be read. */
  complain(error: GatewayError): void;
}

/**
 * Reads what is new in a folder: batch by batch each mail is kept and delivered, or its delivery queued, and only then
 * the cursor moves. A mail that cannot be read is passed over, and tried again ever more seldom until it is parked.
 * @throws GatewayError `folder-not-found`, and what the session and our storage throw
 */
export async function readFolder(call: Call, folder: string, turn: Turn, ports: FetchPorts): Promise<void> {
  const { session } = turn;
  const { uidValidity, uidNext } = await session.open(folder);
  let cursor = cursorFor(folder, { uidValidity, uidNext }, turn.cursorOf(folder), call.now(), turn.found.since);
  turn.note(cursor);
  const place = { folder, uidValidity };
  const guard = createLoopGuard(folder, (name) => turn.cursorOf(name)?.senders ?? []);
  if (cursor.skipped !== undefined) {
    cursor = await trySkippedAgain(call, cursor, cursor.skipped, guard, turn, ports);
    turn.note(cursor);
  }
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
    const batches = [...inBatches(wanted, batchSize, ({ size: octets }) => ({ count: 1, octets }))];
    let kept = 0;
    for await (const { batch: some, read } of readAhead(batches, readBatch, () => turn.isOver())) {
      const server = await turn.server();
      if (server === undefined) return;
      const source = { ...place, server, guard };
      const met: number[] = [];
      const unread = await keepAround(some, async (mails) => {
        const bytes = await (mails === some ? read : readBatch(mails));
        met.push(...(await keepMail(call, source, mails, bytes, known ?? nothingKnown, session, ports)));
      });
      for (const { error } of unread) turn.complain(error);
      const uids = some.map(({ uid }) => uid).filter((uid) => !unread.some(({ info }) => info.uid === uid));
      cursor = withKnown(movedPast(some, unread, cursor, call.now()), met);
      cursor = withCounts(withUnsettled(cursor, uids, afterFetchOf(server)), guard);
      await turn.save(cursor);
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
}

/** Answers the cursor with what is still to be tried later. */
async function trySkippedAgain(
  call: Call,
  before: FolderCursor,
  skipped: readonly SkippedMail[],
  guard: LoopGuard,
  turn: Turn,
  ports: FetchPorts,
): Promise<FolderCursor> {
  const { folder, uidValidity } = before;
  const left: SkippedMail[] = [];
  let cursor = before;
  for (const mail of skipped) {
    const isDue = mail.nextTryAt <= call.now().toISOString() && !turn.isOver();
    const server = isDue ? await turn.server() : undefined;
    if (server === undefined) {
      left.push(mail);
      continue;
    }
    const info = { uid: mail.uid, size: mail.size, internalDate: new Date(mail.arrivedAt) };
    const source = { server, folder, uidValidity, guard };
    try {
      const bytes = await readMails(source, [info], turn.session, ports);
      await keepMail(call, source, [info], bytes, nothingKnown, turn.session, ports);
      cursor = withUnsettled(cursor, [mail.uid], afterFetchOf(server));
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (!mayBeOneMail(error)) throw error;
      turn.complain(error);
      const later = skippedAgain(mail, info, call.now());
      if (later === undefined) await parkMail(call, source, info, error, ports);
      else left.push(later);
    }
  }
  return withCounts(withSkipped(cursor, left), guard);
}

/** While the past of a folder is read, what arrived before the time to begin with is not asked for. */
function mayBeNew({ uid, internalDate }: MessageInfo, again: FolderCursor['again']): boolean {
  return again === undefined || uid > again.upTo || internalDate.toISOString() >= again.since;
}
