import { Readable } from 'node:stream';
import { isOfRow, type PutSmall, type RawMail, type RawMailList } from '../shared/raw-mail.ts';
import type { RawMailRows } from './raw-mail-rows.ts';

/** Whole messages: small ones in rows, where many are kept at once, all others in blobs. The name says where. */
export function createTableAndBlobMail(
  rows: RawMailRows,
  blobs: RawMail & RawMailList,
): RawMail & PutSmall & RawMailList {
  return {
    put: (...mail) => blobs.put(...mail),
    putSmall: (mails) => rows.put(mails),
    async get(name) {
      if (!isOfRow(name)) return blobs.get(name);
      const bytes = await rows.get(name);
      return bytes && Readable.from([bytes], { objectMode: false });
    },
    remove: (name) => (isOfRow(name) ? rows.remove(name) : blobs.remove(name)),
    olderThan: (...prefix) => blobs.olderThan(...prefix),
  };
}
