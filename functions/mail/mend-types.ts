const contentType = /^(content-type[ \t]*:(?:(?:\r?\n)?[ \t]+)?)([^\s;]*)((?:(?:\r?\n)?[ \t]+)?)(.?)/gim;

/** The heads of parts with the types that the parser would not understand as they were meant (RFC 2045 5.1, 5.2). */
export function mendedTypes(heads: Buffer): Buffer {
  const text = heads.toString('latin1');
  const mended = text.replaceAll(contentType, (written, name: string, type: string, space: string, next: string) => {
    if (type === '' && (next === '' || next === ';')) return `${name} text/plain${space}${next}`;
    if (type.toLowerCase() === 'text') return `${name}text/plain${space}${next}`;
    // The semicolon is missing before a parameter; a comment needs none.
    return /[\w*-]/.test(next) ? `${name}${type};${space}${next}` : written;
  });
  return mended === text ? heads : Buffer.from(mended, 'latin1');
}
