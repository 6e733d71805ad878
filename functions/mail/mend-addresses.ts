const addressField = /^(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)[ \t]*:/i;
const doubtful = /\(|[ \t]\.|[\r\n]\./;
const token = /"(?:[^"\\]|\\.)*"?|\\.?|[<>,;:()]|[^"\\<>,;:()]+/gs;

interface Piece {
  readonly text: string;
  readonly isComment: boolean;
}

/**
 * The head of a message with its addresses as the parser can read them: without the comments and the white space that may
 * stand inside one (RFC 5322 3.2.2, 4.4). A comment beside an address stays, for it is the name (3.4).
 */
export function mendedAddresses(head: Buffer): Buffer {
  const text = head.toString('latin1');
  if (!doubtful.test(text)) return head;
  const mended = text
    .split(/\n(?![ \t])/)
    .map((field) => {
      const name = addressField.exec(field)?.[0];
      const list = name === undefined ? '' : field.slice(name.length);
      return name !== undefined && doubtful.test(list) ? `${name}${mendedList(list)}` : field;
    })
    .join('\n');
  return mended === text ? head : Buffer.from(mended, 'latin1');
}

function mendedList(list: string): string {
  const pieces = piecesOf(list);
  const followers = followersOf(pieces);
  let mended = '';
  let isInBrackets = false;
  let hasText = false;
  for (const [index, { text, isComment }] of pieces.entries()) {
    if (isComment) {
      const follower = followers[index] ?? '';
      const isName = follower === '<' ? !hasText : hasText && /^[,;]?$/.test(follower);
      if (isName && !isInBrackets) mended += text;
      continue;
    }
    if (text === '<' || text === '>') isInBrackets = text === '<';
    if (!isInBrackets && /^[,;:]$/.test(text)) hasText = false;
    else hasText ||= /[^ \t\r\n]/.test(text);
    mended += text.startsWith('"') ? text : withoutSpace(text, isInBrackets);
  }
  return mended;
}

function piecesOf(list: string): Piece[] {
  const pieces: Piece[] = [];
  let comment = '';
  let depth = 0;
  for (const [text] of list.matchAll(token)) {
    if (text === '(') depth += 1;
    if (depth === 0) pieces.push({ text, isComment: false });
    else comment += text;
    if (text !== ')' || depth === 0) continue;
    depth -= 1;
    if (depth > 0) continue;
    pieces.push({ text: comment, isComment: true });
    comment = '';
  }
  // A comment without an end is none.
  return comment === '' ? pieces : [...pieces, { text: comment, isComment: false }];
}

/** What comes after each piece, white space and comments left out; empty at the end. */
function followersOf(pieces: readonly Piece[]): string[] {
  const followers: string[] = [];
  let follower = '';
  for (const { text, isComment } of pieces.toReversed()) {
    followers.push(follower);
    if (!isComment) follower = /[^ \t\r\n]/.exec(text)?.[0] ?? follower;
  }
  return followers.toReversed();
}

function withoutSpace(text: string, isInBrackets: boolean): string {
  if (isInBrackets) return text.replaceAll(/[ \t\r\n]+/g, '');
  const at = text.indexOf('@');
  if (at < 0) return text;
  const domain = text
    .slice(at)
    .replaceAll(/[ \t\r\n]+/g, ' ')
    .replaceAll(' . ', '.')
    .replaceAll(' .', '.');
  return `${text.slice(0, at)}${domain}`;
}
