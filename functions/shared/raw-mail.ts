import type { Readable } from 'node:stream';

/** Whole messages (and events, named `.json`) as bytes, by name. A name is written once or with the same bytes again. */
export interface RawMail {
  /** Keeps all of it or nothing: there is no such name when the content fails or the signal aborts before its end. */
  put(name: string, content: Uint8Array | Readable, signal?: AbortSignal): Promise<void>;
  get(name: string): Promise<Readable | undefined>;
  remove(name: string): Promise<void>;
}

/** What lies about in blob storage. */
export interface RawMailList {
  /** Names that begin so and were last written before this time, in their order. */
  olderThan(prefix: string, time: Date): AsyncIterable<string>;
}
