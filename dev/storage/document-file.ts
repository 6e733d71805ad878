import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import type { LokiCollection, LokiDatabase, LokiDocument } from './loki.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS collections (
    id INTEGER PRIMARY KEY, database TEXT NOT NULL, name TEXT NOT NULL, uniques TEXT NOT NULL, indices TEXT NOT NULL,
    UNIQUE (database, name)
  );
  CREATE TABLE IF NOT EXISTS documents (
    collection INTEGER NOT NULL, id INTEGER NOT NULL, document BLOB NOT NULL, PRIMARY KEY (collection, id)
  ) WITHOUT ROWID;
`;

/** Keeps the documents of several Loki databases in one file, so that what belongs together is written together. */
export interface DocumentFile {
  /** Fills a new, empty database with what was kept of it, and keeps it from now on. */
  load(database: LokiDatabase): void;
  /** Writes every change made since the last call, of all databases, as one transaction. Costs next to nothing without changes. */
  commit(): void;
}

/**
 * Opens a SQLite file and waits up to 2 seconds for a process that still has it (one that is just being killed).
 *
 * A commit is in the operating system's hands before it returns: it survives the end of this process, by any signal. It is not
 * flushed to the disk each time, so the last moments may be missing after the machine itself lost power; the file stays whole.
 *
 * @throws Error "database is locked" when another process keeps the file.
 */
export function openDocumentFile(path: string): DocumentFile {
  const file = new DatabaseSync(path, { timeout: 2000 });
  // One process at a time: two Azurites over one folder would each undo what the other wrote.
  file.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  file.exec(schema);
  const findCollections = file.prepare(
    'SELECT id, name, uniques, indices FROM collections WHERE database = ? ORDER BY id',
  );
  const addCollection = file.prepare('INSERT INTO collections (database, name, uniques, indices) VALUES (?, ?, ?, ?)');
  const dropCollection = file.prepare('DELETE FROM collections WHERE id = ?');
  const findDocuments = file.prepare('SELECT document FROM documents WHERE collection = ? ORDER BY id');
  const putDocument = file.prepare('INSERT OR REPLACE INTO documents (collection, id, document) VALUES (?, ?, ?)');
  const dropDocument = file.prepare('DELETE FROM documents WHERE collection = ? AND id = ?');
  const dropDocuments = file.prepare('DELETE FROM documents WHERE collection = ?');

  // By the object and not its name: a table that was deleted and created again is another collection.
  const kept = new Map<LokiDatabase, Map<LokiCollection, number | bigint>>();

  function keep(database: LokiDatabase, numbers: Map<LokiCollection, number | bigint>) {
    const present = new Set(database.collections);
    for (const [collection, number] of numbers) {
      if (present.has(collection)) continue;
      dropDocuments.run(number);
      dropCollection.run(number);
      numbers.delete(collection);
    }
    for (const collection of present) {
      const number = numbers.get(collection) ?? create(database, collection);
      numbers.set(collection, number);
      for (const id of new Set(collection.dirtyIds)) {
        const document = collection.get(id);
        if (document) putDocument.run(number, id, serialize(document));
        else dropDocument.run(number, id);
      }
    }
  }

  function create(database: LokiDatabase, { name, uniqueNames, binaryIndices }: LokiCollection) {
    const indices = Object.keys(binaryIndices);
    const { lastInsertRowid } = addCollection.run(
      basename(database.filename),
      name,
      JSON.stringify(uniqueNames),
      JSON.stringify(indices),
    );
    return lastInsertRowid;
  }

  return {
    load(database) {
      const numbers = new Map<LokiCollection, number | bigint>();
      for (const row of findCollections.all(basename(database.filename)) as unknown as CollectionRow[]) {
        const unique = JSON.parse(row.uniques) as string[];
        const indices = JSON.parse(row.indices) as string[];
        const collection = database.addCollection(row.name, { unique, indices });
        const documents = findDocuments.all(row.id) as unknown as { document: Uint8Array }[];
        collection.data = documents.map(({ document }) => deserialize(document) as LokiDocument);
        collection.maxId = collection.data.at(-1)?.$loki ?? 0;
        collection.ensureId();
        collection.ensureAllIndexes(true);
        collection.dirty = false;
        numbers.set(collection, row.id);
      }
      kept.set(database, numbers);
    },
    commit() {
      const changed = [...kept].filter(([database]) => database.collections.some(({ dirty }) => dirty));
      if (changed.length === 0) return;
      file.exec('BEGIN');
      for (const [database, numbers] of changed) keep(database, numbers);
      file.exec('COMMIT');
      for (const collection of changed.flatMap(([database]) => database.collections)) {
        collection.dirty = false;
        collection.dirtyIds = [];
      }
    },
  };
}

interface CollectionRow {
  id: number;
  name: string;
  uniques: string;
  indices: string;
}
