import type { FolderCursor, SkippedMail } from '../servers/incoming-server.ts';
import { backOff } from '../shared/back-off.ts';
import type { Unread } from './keep-around.ts';
import type { FolderState, MessageInfo } from './mailbox-reader.ts';
import { withUids } from './uid-ranges.ts';

const minute = 60_000;
/** How far the arrivals of two mails may be out of the order of their UIDs, and our clock from the mail server's. */
const disorder = 24 * 60 * minute;
const clockError = 10 * minute;
/** How often a connection may break over a mail before others are tried. */
const patience = 3;
/** When a mail that could not be read is tried again: about a day in all. */
const skipSteps = [1, 5, 15, 30, 60, 120, 240, 480, 480].map((step) => step * minute);

/** Where a folder begins that is to be read from now on, or from `since` (ISO 8601): then its past is read through. */
export function newCursor(
  folder: string,
  { uidValidity, uidNext }: FolderState,
  now: Date,
  since?: string,
): FolderCursor {
  const begunAt = since ?? now.toISOString();
  const startUid = uidNext - 1;
  const begun = { folder, uidValidity, startUid, lastUid: startUid, begunAt, lastArrival: begunAt };
  return since === undefined || uidNext <= 1 ? begun : { ...begun, ...readThrough({ upTo: startUid, since }) };
}

/**
 * Where to read on. A folder met for the first time begins with what arrives from now on, or since the
 * time its server says. One whose UIDs have started
 * anew is read again from its beginning, but for what arrived well before the last mail that was read.
 */
export function cursorFor(
  folder: string,
  state: FolderState,
  known: FolderCursor | undefined,
  now: Date,
  begin?: string,
): FolderCursor {
  if (known === undefined) return newCursor(folder, state, now, begin);
  const { uidValidity, uidNext } = state;
  if (known.uidValidity === uidValidity) return known;
  const { begunAt, lastArrival } = known;
  const past = { upTo: uidNext - 1, since: readAgainSince(known) };
  return { folder, uidValidity, begunAt, lastArrival, ...readThrough(past) };
}

function readThrough(past: NonNullable<FolderCursor['past']>) {
  return { startUid: 0, lastUid: 0, again: past, past };
}

/** Mail that arrived before this (ISO 8601) is not read again, whatever happens to the UIDs. */
export function readAgainSince({ begunAt, lastArrival, again, skipped = [] }: FolderCursor): string {
  if (again !== undefined) return again.since;
  const earliest = Math.max(Date.parse(lastArrival) - disorder, Date.parse(begunAt) - clockError);
  return skipped.reduce(
    (since, { arrivedAt }) => (arrivedAt < since ? arrivedAt : since),
    new Date(earliest).toISOString(),
  );
}

/** The cursor after a batch: past all of it, with a note of what could not be read. */
export function movedPast(
  infos: readonly MessageInfo[],
  unread: readonly Unread[],
  cursor: FolderCursor,
  now: Date,
): FolderCursor {
  // Mail that was moved in may carry any date, even one that is still to come.
  const arrivals = infos.map(({ internalDate }) => internalDate.toISOString()).filter((at) => at <= now.toISOString());
  const { skipped = [] } = cursor;
  const more = unread.map(({ info }) => skippedAt(info, 1, now));
  return passed(infos.at(-1)?.uid ?? cursor.lastUid, {
    ...withSkipped(cursor, [...skipped, ...more]),
    lastArrival: arrivals.reduce((last, each) => (each > last ? each : last), cursor.lastArrival),
  });
}

/** The cursor past a UID up to which there is nothing left to read. */
export function passed(uid: number, cursor: FolderCursor): FolderCursor {
  const { again, stuck, ...rest } = cursor;
  return {
    ...rest,
    lastUid: uid,
    ...(again !== undefined && uid < again.upTo && { again }),
    ...(stuck !== undefined && uid < stuck.uid && { stuck }),
  };
}

/** The cursor with a note that the connection broke when this mail was to come. */
export function stuckAt(uid: number, cursor: FolderCursor): FolderCursor {
  const times = cursor.stuck?.uid === uid ? cursor.stuck.times + 1 : 1;
  return { ...cursor, stuck: { uid, times } };
}

/**
 * How many of the next mails are to be passed by, because connections break over the first: one after three times, one more
 * after every three. At least one is left, which shows whether others can be read at all.
 */
export function suspects<T extends Pick<MessageInfo, 'uid'>>(infos: readonly T[], { stuck }: FolderCursor): T[] {
  const isStuck = stuck !== undefined && infos[0]?.uid === stuck.uid;
  return isStuck ? infos.slice(0, Math.min(Math.floor(stuck.times / patience), infos.length - 1)) : [];
}

/** The cursor with a note of mail that the ledger has under UIDs of before. */
export function withKnown(cursor: FolderCursor, uids: readonly number[]): FolderCursor {
  return uids.length === 0 ? cursor : { ...cursor, known: withUids(cursor.known ?? [], uids) };
}

/** The cursor with mail that the ledger should have and has not, to be read at the next look. */
export function withMissing(cursor: FolderCursor, infos: readonly MessageInfo[], now: Date): FolderCursor {
  const { skipped = [] } = cursor;
  const more = infos
    .filter(({ uid }) => !skipped.some((mail) => mail.uid === uid))
    .map((info) => ({ ...skippedAt(info, 0, now), nextTryAt: now.toISOString() }));
  return withSkipped(cursor, [...skipped, ...more]);
}

export function withSkipped(cursor: FolderCursor, skipped: readonly SkippedMail[]): FolderCursor {
  const { skipped: before, ...rest } = cursor;
  return skipped.length === 0 ? rest : { ...rest, skipped };
}

/** A mail that could not be read so many times; undefined when that was the last. */
export function skippedAgain(mail: SkippedMail, info: MessageInfo, now: Date): SkippedMail | undefined {
  return mail.tries >= skipSteps.length ? undefined : skippedAt(info, mail.tries + 1, now);
}

function skippedAt({ uid, size, internalDate }: MessageInfo, tries: number, now: Date): SkippedMail {
  const nextTryAt = new Date(now.getTime() + backOff(skipSteps, tries, 0.5)).toISOString();
  return { uid, size, arrivedAt: internalDate.toISOString(), tries, nextTryAt };
}
