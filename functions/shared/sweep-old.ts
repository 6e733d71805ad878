import type { Call } from './call.ts';
import type { States } from './collection.ts';
import type { Records } from './records.ts';

/** Where the last sweep stopped among an owner's records; left out: at their end. */
export interface Swept {
  readonly cursor?: string;
}

interface Ports<T> {
  readonly records: Records<T>;
  readonly swept: States<Swept>;
}

const hour = 3_600_000;
const day = 24 * hour;
const page = 100;
/** Records of an owner that are looked at in one go. */
const lookedAt = 10_000;

/**
 * Before when (ISO 8601) is what was kept for so many days. An hour more than they say: what is promised for a day, as an
 * idempotency key is, or may be told again within it, is over by then.
 */
export function keptSince(now: Date, days: number): string {
  return new Date(now.getTime() - days * day - hour).toISOString();
}

/**
 * Passes an owner's records that were made before a time on to be forgotten, page by page, a bounded part of them a turn.
 * What is held does not keep the next turn from what lies behind it. One request where there are none.
 */
export async function sweepOld<T>(
  call: Call,
  owner: string,
  before: string,
  { records, swept }: Ports<T>,
  forget: (some: readonly T[]) => Promise<void>,
): Promise<void> {
  const pageAt = (cursor?: string) => records.list({ owners: [owner], before, cursor, limit: page });
  let old = await pageAt();
  if (old.data.length === 0) return;
  const { cursor: start } = (await swept.get(owner)) ?? {};
  if (start !== undefined) old = await pageAt(start);
  let cursor: string | undefined;
  for (let looked = page; ; looked += page) {
    await forget(old.data);
    cursor = old.nextCursor ?? undefined;
    if (cursor === undefined || looked >= lookedAt || call.signal.aborted) break;
    old = await pageAt(cursor);
  }
  if (cursor !== start) await swept.put(owner, cursor === undefined ? {} : { cursor });
}
