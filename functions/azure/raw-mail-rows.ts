import type { TransactionAction } from '@azure/data-tables';
import { inBatches } from '../shared/batches.ts';
import type { SmallMail } from '../shared/raw-mail.ts';
import type { Entity, Table } from './tables.ts';

/** Small mail as rows of a table, by names such as `received/<server>/<folder>/<UIDVALIDITY>/<UID>.row`. */
export interface RawMailRows {
  put(mails: readonly SmallMail[]): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
}

// A transaction takes 100 changes of one partition and 4 MiB as it travels: JSON, the content in base64.
const atOnce = { count: 100, octets: 2.5 * 1024 * 1024 };
// A binary property holds at most 64 KiB.
const pieceOctets = 60 * 1024;

/** One partition for each server; many rows are one request. */
export function createRawMailRows(table: Table): RawMailRows {
  return {
    async put(mails) {
      for (const ofServer of Map.groupBy(mails, ({ name }) => keysOf(name).partitionKey).values()) {
        for (const some of inBatches(ofServer, atOnce, ({ content }) => ({ count: 1, octets: content.byteLength })))
          await table.change(some.map(changeOf));
      }
    },

    async get(name) {
      const { partitionKey, rowKey } = keysOf(name);
      const row = await table.get(partitionKey, rowKey);
      return row && contentOf(row);
    },

    async remove(name) {
      const { partitionKey, rowKey } = keysOf(name);
      await table.remove(partitionKey, rowKey, '*');
    },
  };
}

function changeOf({ name, content }: SmallMail): TransactionAction {
  return ['upsert', { ...keysOf(name), ...piecesOf(content) }, 'Replace'];
}

function piecesOf(content: Uint8Array): Record<string, Uint8Array | number> {
  const pieces = Math.ceil(content.byteLength / pieceOctets);
  const pieceAt = (index: number): Uint8Array => content.subarray(index * pieceOctets, (index + 1) * pieceOctets);
  return { pieces, ...Object.fromEntries(Array.from({ length: pieces }, (_, at) => [`bytes${at}`, pieceAt(at)])) };
}

function contentOf(row: Entity): Uint8Array {
  return Buffer.concat(Array.from({ length: Number(row['pieces']) }, (_, at) => row[`bytes${at}`] as Uint8Array));
}

/** A key has no slashes. */
function keysOf(name: string) {
  const [, server = '', ...place] = name.split('/');
  return { partitionKey: server, rowKey: place.join('!') };
}
