import { createHash, randomBytes } from 'node:crypto';
import type { Collection } from '../shared/collection.ts';

/** Something a browser may come back for, for a while: kept under the hash of the word the browser carries. */
export interface OneTime {
  /** The SHA-256 of the word: who reads the table cannot come back for anything. */
  readonly id: string;
  readonly expiresAt: string;
}

/** A word nobody can guess: 43 characters, 256 bits. */
export function newWord(): string {
  return randomBytes(32).toString('base64url');
}

/** The SHA-256 of a word, hexadecimal. It has 256 random bits and needs no slow hash. */
export function hashOf(word: string): string {
  return createHash('sha256').update(word).digest('hex');
}

/** Whether it is too late for it. */
export function isOver({ expiresAt }: { readonly expiresAt: string }, now: Date): boolean {
  return expiresAt <= now.toISOString();
}

/** Keeps one. Those nobody came back for in time are cleared away by whoever keeps the next. */
export async function addOneTime<T extends OneTime>(things: Collection<T>, thing: T, now: Date): Promise<void> {
  const over = (await things.list()).filter(({ value }) => isOver(value, now));
  await Promise.all(over.map(({ value, etag }) => things.remove(value.id, etag)));
  await things.add(thing.id, thing);
}

/** Takes the one a word stands for: of all who come with the same word one gets it, and only in time. */
export async function takeOneTime<T extends OneTime>(
  things: Collection<T>,
  word: string,
  now: Date,
): Promise<T | undefined> {
  const stored = await things.get(hashOf(word));
  if (stored === undefined || !(await things.remove(stored.value.id, stored.etag))) return undefined;
  return isOver(stored.value, now) ? undefined : stored.value;
}
