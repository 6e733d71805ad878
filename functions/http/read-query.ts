/**
 * The query of a URL, names to values; a name given more than once has all its values. Read from the URL because the
 * host joins repeated names with commas in one mode and drops all but one in the other.
 */
export function readQuery(url: string): Record<string, string | string[]> {
  const { searchParams } = new URL(url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
