import type { Call } from './call.ts';
import { keyOf, orderOf } from './ids.ts';
import type { Page } from './page.ts';
import type { RecordQuery, Records } from './records.ts';

const readAtOnce = 200;
/** Records looked at by one call. */
const lookedAtAtMost = 2_000;
/** Milliseconds: somebody sits before it. */
const patience = 20_000;

/**
 * Records that a test takes, newest first. Nothing is indexed: the newest are looked at, so many at a time; a page may hold
 * few or none and have a cursor all the same, with which the search goes on. An id in full is found at once.
 */
export async function searchRecords<T extends { readonly id: string }>(
  call: Pick<Call, 'now'>,
  records: Pick<Records<T>, 'get' | 'list'>,
  { text, ...query }: RecordQuery & { readonly text: string },
  matches: (record: T) => boolean,
): Promise<Page<T>> {
  const one = await records.get(text);
  if (one !== undefined) {
    const isTheirs = query.owners.some((owner) => one.id.startsWith(keyOf(owner), 'xxx_'.length));
    return { data: isTheirs ? [one] : [], nextCursor: null };
  }
  const until = call.now().getTime() + patience;
  const data: T[] = [];
  let { cursor } = query;
  for (let lookedAt = 0; lookedAt < lookedAtAtMost && call.now().getTime() < until; lookedAt += readAtOnce) {
    const page = await records.list({ ...query, cursor, limit: readAtOnce });
    for (const record of page.data) {
      if (!matches(record)) continue;
      data.push(record);
      if (data.length === query.limit) return { data, nextCursor: orderOf(record.id) };
    }
    if (page.nextCursor === null) return { data, nextCursor: null };
    cursor = page.nextCursor;
  }
  return { data, nextCursor: cursor ?? null };
}

/** Whether one of these texts holds another, whatever its case. */
export function holds(text: string, among: readonly string[]): boolean {
  const wanted = text.toLowerCase();
  return among.some((each) => each.toLowerCase().includes(wanted));
}
