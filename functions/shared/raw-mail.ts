import type { Readable } from 'node:stream';

/** Octets of a small mail, at most. */
export const smallMail = 128 * 1024;

/** A mail whose name ends in `.row`: it is kept in a row of a table. */
export interface SmallMail {
  readonly name: string;
  readonly content: Uint8Array;
}

export function isOfRow(name: string): boolean {
  return name.endsWith('.row');
}

/** Whole messages (and events, named `.json`) as bytes, by name. A name is written once or with the same bytes again. */
export interface RawMail {
  /** Keeps all of it or nothing: there is no such name when the content fails or the signal aborts before its end. */
  put(name: string, content: Uint8Array | Readable, signal?: AbortSignal): Promise<void>;
  get(name: string): Promise<Readable | undefined>;
  remove(name: string): Promise<void>;
}

/** Keeps small mails, many with one request. */
export interface PutSmall {
  putSmall(mails: readonly SmallMail[]): Promise<void>;
}

/** What lies about in blob storage. */
export interface RawMailList {
  /** Names that begin so and were last written before this time, in their order. */
  olderThan(prefix: string, time: Date): AsyncIterable<string>;
}
