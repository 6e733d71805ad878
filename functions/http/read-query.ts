/**
 * The query of a URL, names to values; a name given more than once has all its values. Read from the URL because the
 * host joins repeated names with commas in one mode and drops all but one in the other.
 */
export function readQuery(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const { searchParams } = new URL(url);
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}
