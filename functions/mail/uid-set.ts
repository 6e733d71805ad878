/** UIDs as IMAP writes a set of them, neighbours joined: `4:6,9` (RFC 3501 9, sequence-set). */
export function uidSet(uids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const uid of [...uids].sort((one, other) => one - other)) {
    const open = ranges.at(-1);
    if (open !== undefined && uid <= open.last + 1) open.last = uid;
    else ranges.push({ first: uid, last: uid });
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}:${last}`)).join(',');
}
