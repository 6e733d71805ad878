import type { Entity } from './tables.ts';

// A string property holds at most 32,768 UTF-16 units, an entity 252 properties and 1 MiB.
const pieceLength = 32_000;

/** A value as properties of a row: its JSON, cut into as many pieces as it takes. */
export function toRow(value: unknown): Record<string, string> {
  const json = JSON.stringify(value);
  const row: Record<string, string> = {};
  for (let at = 0, piece = 0; at < json.length; at += pieceLength, piece++)
    row[`json${piece}`] = json.slice(at, at + pieceLength);
  return row;
}

/** The value a row was made of. */
export function fromRow(entity: Entity): unknown {
  let json = '';
  for (let piece = 0; ; piece++) {
    const part = entity[`json${piece}`];
    if (typeof part !== 'string') break;
    json += part;
  }
  return JSON.parse(json);
}
