import type { FolderCursor } from '../servers/incoming-server.ts';
import { uidListOf, type FolderAudit } from './audit.ts';
import type { FolderRows } from './ledger.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';
import { isWithin } from './uid-ranges.ts';

/** UIDs asked for in one command, and mails whose arrival is. */
const searched = 5_000;
const listed = 500;

/** What a folder was found to be, and the mail that is missing. */
export interface Comparison {
  readonly audit: FolderAudit;
  readonly missing: readonly MessageInfo[];
}

/**
 * Compares a folder, which is open, with the ledger, from where its reading began. The cursor was read first, then the
 * ledger: of mail up to its last UID it has everything.
 * @param forgotten the ledger no longer has all mail that arrived before this (ISO 8601)
 */
export async function compareFolder(
  cursor: FolderCursor,
  { arrivals, twice, parked }: FolderRows,
  uidNext: number,
  session: MailboxSession,
  forgotten: string,
): Promise<Comparison> {
  const { folder, uidValidity, lastUid, startUid = lastUid, past, known = [], skipped = [] } = cursor;
  const pastEnd = Math.max(past?.upTo ?? 0, startUid);
  const awaited = new Set(skipped.map(({ uid }) => uid));
  const isWaiting = (uid: number): boolean => uid > lastUid || awaited.has(uid);

  /** What arrived earlier is none of ours, or no longer. */
  function sinceOf(uid: number): string {
    return past !== undefined && uid <= past.upTo && past.since > forgotten ? past.since : forgotten;
  }

  async function search(first: number, last: number): Promise<number[]> {
    const since = sinceOf(last);
    const found: number[] = [];
    for (let from = first, width = searched; from <= last; from += width) {
      const some = await session.uids(
        from,
        Math.min(from + width - 1, last),
        since === '' ? undefined : new Date(since),
      );
      for (const uid of some) found.push(uid);
    }
    return found;
  }

  const there = new Set(await search(startUid + 1, pastEnd));
  for (const uid of await search(pastEnd + 1, Math.max(uidNext - 1, lastUid))) there.add(uid);
  const unknown = [...there].filter((uid) => !arrivals.has(uid));
  const met = unknown.filter((uid) => !isWaiting(uid) && isWithin(known, uid));
  const passed = unknown.filter((uid) => !isWaiting(uid) && !isWithin(known, uid));
  const missing: MessageInfo[] = [];
  for (let at = 0; at < passed.length; at += listed) {
    // Servers search by the day only. What is gone by now is not answered.
    const infos = await session.infos(passed.slice(at, at + listed));
    missing.push(...infos.filter(({ uid, internalDate }) => internalDate.toISOString() >= sinceOf(uid)));
  }
  const rows = [...arrivals.keys()].filter((uid) => uid > startUid);
  const audit = {
    folder,
    uidValidity,
    inMailbox: there.size - passed.length + missing.length,
    inLedger: rows.length,
    known: met.length,
    missing: uidListOf(missing.map(({ uid }) => uid)),
    waiting: uidListOf(unknown.filter(isWaiting)),
    gone: uidListOf(rows.filter((uid) => !there.has(uid) && (arrivals.get(uid) ?? '') >= sinceOf(uid))),
    extra: uidListOf([...twice, ...[...arrivals.keys()].filter((uid) => uid <= startUid && !twice.has(uid))]),
    parked: uidListOf(parked),
  };
  return { audit, missing };
}
