import type { Entity } from './tables.ts';

// A string property holds at most 32,768 UTF-16 units, an entity 252 properties and 1 MiB.
const pieceLength = 32_000;

/** A value as properties of a row: its JSON, cut into as many pieces as it takes, and how many they are. */
export function toRow(value: unknown): Record<string, string | number> {
  const json = JSON.stringify(value);
  const row: Record<string, string | number> = {};
  let pieces = 0;
  for (let at = 0; at < json.length; pieces++) {
    const end = endOfPiece(json, at);
    row[`json${pieces}`] = json.slice(at, end);
    at = end;
  }
  // A row that is merged keeps the properties it is not given: pieces of a longer value it had before.
  return { ...row, pieces };
}

/** The value a row was made of. */
export function fromRow(entity: Entity): unknown {
  const { pieces } = entity;
  const parts = Array.from({ length: Number(pieces) }, (_, piece) => String(entity[`json${piece}`]));
  return JSON.parse(parts.join(''));
}

/** Not between the two halves of a character beyond the basic plane: either alone is no text a service has to keep. */
function endOfPiece(json: string, at: number): number {
  const end = at + pieceLength;
  const last = json.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
