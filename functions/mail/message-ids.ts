const bracketed = /<([^<>]*)>/g;

/** The Message-IDs in a header's value, each in angle brackets, in order; without brackets each word counts as one. */
export function parseMessageIds(value: string): string[] {
  const inBrackets = Array.from(value.matchAll(bracketed), ([, id = '']) => id.replaceAll(/\s+/g, ''));
  const ids = inBrackets.length > 0 ? inBrackets : value.split(/[\s<>,]+/);
  return ids.filter((id) => id !== '').map((id) => `<${id}>`);
}
