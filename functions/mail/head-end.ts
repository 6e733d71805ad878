const lineFeed = 10;
const carriageReturn = 13;

/** Where the last line of a message's header ends: before its first empty line. Undefined when there is none. */
export function headEnd(raw: Buffer): number | undefined {
  for (let at = raw.indexOf(lineFeed); at >= 0; at = raw.indexOf(lineFeed, at + 1)) {
    const next = raw[at + 1] === carriageReturn ? at + 2 : at + 1;
    if (raw[next] === lineFeed) return at;
  }
  return undefined;
}
