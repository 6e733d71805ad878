import { readAddressPattern, toComparable } from '../servers/address-pattern.ts';
import type { FolderCursor, IncomingServer, LoopLimit, SenderCount } from '../servers/incoming-server.ts';
import { normalise } from '../shared/address.ts';
import { hashKey } from '../shared/ids.ts';

const minute = 60_000;
/**
 * Arrivals that are remembered of all senders in all folders of a server, which are kept in one row; of more, those of
 * senders that were quiet for longest go.
 */
const remembered = 3_000;

/** What the guard needs to know of a mail. */
export interface CountedMail {
  readonly uid: number;
  /** The bare address. */
  readonly from: string;
  readonly arrivedAt: Date;
}

/** More mail of a sender than may come. */
export interface Suspicion {
  /** True for the mail that makes it so: once for each sender and window. */
  readonly isNew: boolean;
}

/** Counts the mail of each sender in a folder, to find out who answers to answers. */
export interface LoopGuard {
  /**
   * Counts a mail, in the order they lie in the folder; what came to other folders of the server counts as well. The same
   * mail is counted once and answered the same, for a batch may be kept again. It counts by its arrival, so that a backlog
   * is judged as it came and not as it is read.
   */
  count(mail: CountedMail, server: IncomingServer, now: Date): Suspicion | undefined;
  /** What is to be remembered for the next turn. */
  counts(): readonly SenderCount[];
}

/** @param countsOf what was remembered of a folder at the last turn */
export function createLoopGuard(folder: string, countsOf: (folder: string) => readonly SenderCount[]): LoopGuard {
  const senders = new Map(countsOf(folder).map((count) => [count.sender, count]));
  const judged = new Map<number, Suspicion | undefined>();
  let windowBegan = 0;
  let share = remembered;

  function judge({ from, arrivedAt }: CountedMail, limit: LoopLimit, others: readonly string[], now: Date) {
    const sender = hashKey(normalise(from));
    // Mail that was moved in may carry any date, even one that is still to come.
    const at = Math.floor(Math.min(arrivedAt.getTime(), now.getTime()) / minute);
    const isRecent = (time: number): boolean => time > at - limit.minutes;
    const before = senders.get(sender);
    const elsewhere = others.flatMap(countsOf).filter((count) => count.sender === sender);
    const known = before === undefined ? elsewhere : [...elsewhere, before];
    const earlier = known.flatMap(({ arrivals }) => arrivals).filter((time) => isRecent(time) && time <= at);
    const wasTold = known.some(({ toldAt = 0 }) => isRecent(toldAt));
    const isTooMuch = earlier.length >= limit.messages;
    const toldAt = isTooMuch && !wasTold ? at : before?.toldAt;
    const arrivals = [...(before?.arrivals ?? []).filter(isRecent), at].sort((a, b) => a - b);
    // As many as one more needs to be too many.
    senders.set(sender, { sender, arrivals: arrivals.slice(-limit.messages), ...(toldAt !== undefined && { toldAt }) });
    windowBegan = Math.max(windowBegan, at - limit.minutes);
    return isTooMuch ? { isNew: !wasTold } : undefined;
  }

  return {
    count(mail, { loopGuard, folders }, now) {
      if (loopGuard === undefined || loopGuard === null) {
        senders.clear();
        return undefined;
      }
      if (mail.from === '' || isExcepted(mail.from, loopGuard)) return undefined;
      share = Math.floor(remembered / folders.length);
      const others = folders.filter((name) => name !== folder);
      if (!judged.has(mail.uid)) judged.set(mail.uid, judge(mail, loopGuard, others, now));
      return judged.get(mail.uid);
    },
    counts() {
      const last = ({ arrivals }: SenderCount): number => arrivals.at(-1) ?? 0;
      let left = share;
      return [...senders.values()]
        .filter((count) => last(count) > windowBegan)
        .sort((a, b) => last(b) - last(a))
        .filter(({ arrivals }) => (left -= arrivals.length) >= 0);
    },
  };
}

/** The cursor with what the guard has counted, in the same write as how far the folder has been read. */
export function withCounts(cursor: FolderCursor, guard: LoopGuard): FolderCursor {
  const { senders: before, ...rest } = cursor;
  const senders = guard.counts();
  return senders.length === 0 ? rest : { ...rest, senders };
}

function isExcepted(from: string, { except }: LoopLimit): boolean {
  const address = toComparable(from);
  return except.some((pattern) => readAddressPattern(pattern)(address));
}
