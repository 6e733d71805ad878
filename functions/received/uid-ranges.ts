/** UIDs as ranges of neighbours, first and last, in ascending order. */
export type UidRanges = readonly (readonly [first: number, last: number])[];

/** A row of the table holds them, whatever a server does to its UIDs. */
const mostRanges = 2_000;

/** The ranges with more UIDs, which are above all others. Where they become too many, the gaps of the lowest are closed. */
export function withUids(ranges: UidRanges, uids: readonly number[]): UidRanges {
  const joined = ranges.map(([first, last]): [number, number] => [first, last]);
  for (const uid of uids.toSorted((one, other) => one - other)) {
    const open = joined.at(-1);
    if (open !== undefined && uid <= open[1] + 1) open[1] = Math.max(open[1], uid);
    else joined.push([uid, uid]);
  }
  const [lowest] = joined;
  const kept = joined.slice(-mostRanges);
  const [open] = kept;
  if (lowest !== undefined && open !== undefined) open[0] = lowest[0];
  return kept;
}

export function isWithin(ranges: UidRanges, uid: number): boolean {
  return ranges.some(([first, last]) => first <= uid && uid <= last);
}
