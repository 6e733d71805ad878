import type { TransactionAction } from '@azure/data-tables';
import type { SmallMail } from '../shared/raw-mail.ts';
import type { Entity, Table } from './tables.ts';

/** Small mail as rows of a table, by names such as `received/<server>/<folder>/<UIDVALIDITY>/<UID>.row`. */
export interface RawMailRows {
  put(mails: readonly SmallMail[]): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
}

// A transaction takes 100 changes of one partition and 4 MiB as it travels: JSON, the content in base64.
const rowsAtOnce = 100;
const octetsAtOnce = 2.5 * 1024 * 1024;
// A binary property holds at most 64 KiB.
const pieceOctets = 60 * 1024;

/** One partition for each server; many rows are one request. */
export function createRawMailRows(table: Table): RawMailRows {
  return {
    async put(mails) {
      for (const some of inTransactions(mails)) {
        const actions = some.map(({ name, content }): TransactionAction => [
          'upsert',
          { ...keysOf(name), ...piecesOf(content) },
          'Replace',
        ]);
        await table.change(actions);
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

function* inTransactions(mails: readonly SmallMail[]): Generator<readonly SmallMail[]> {
  for (const ofServer of Map.groupBy(mails, ({ name }) => keysOf(name).partitionKey).values()) {
    let some: SmallMail[] = [];
    let octets = 0;
    for (const mail of ofServer) {
      if (some.length === rowsAtOnce || octets + mail.content.byteLength > octetsAtOnce) {
        yield some;
        some = [];
        octets = 0;
      }
      some.push(mail);
      octets += mail.content.byteLength;
    }
    if (some.length > 0) yield some;
  }
}
