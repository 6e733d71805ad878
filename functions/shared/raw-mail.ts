import type { Readable } from 'node:stream';

/** Whole messages (and events, named `.json`) as bytes, by name. A name is written once or with the same bytes again. */
export interface RawMail {
  put(name: string, content: Uint8Array | Readable): Promise<void>;
  get(name: string): Promise<Readable | undefined>;
  remove(name: string): Promise<void>;
}
