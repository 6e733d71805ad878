// Loaded into Azurite's process before Azurite (`--import`). By itself Azurite saves its metadata every 5 seconds, each of
// its four databases as a whole and on its own: what it answered in between is lost when it is killed, and what is left need not
// fit together. Here every answer waits until all that changed before it is in one file, written as one transaction.
// The contents of blobs and messages need no help: Azurite writes and flushes them (FSExtentStore) before it goes on.
import { closeSync, openSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openDocumentFile, type DocumentFile } from './document-file.ts';
import type { LokiPersistence } from './loki.ts';

// The very modules that Azurite will get.
const require = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'));
const loki = (require('lokijs') as { prototype: LokiPersistence }).prototype;
const extents = (require('./dist/src/common/persistence/FSExtentStore.js') as { default: { prototype: ExtentStore } })
  .default.prototype;

interface ExtentStore {
  deleteExtents: (this: ExtentStore, ids: Iterable<string>) => Promise<number>;
}
interface Answer {
  writeHead: (this: Answer, ...head: unknown[]) => Answer;
}

let file: DocumentFile | undefined;

function commit() {
  try {
    file?.commit();
  } catch (error) {
    // A full disk, say. What cannot be kept must not be answered.
    console.error(error);
    process.exit(1);
  }
}

loki.isIncremental = true;
loki.autosaveEnable = function () {
  file ??= openDocumentFile(join(dirname(this.filename), 'metadata.sqlite'));
  // Azurite loads a database only if it finds its file.
  closeSync(openSync(this.filename, 'a'));
};
loki.loadDatabase = function (_options, done) {
  file?.load(this);
  done(null);
};
loki.saveDatabase = function (done) {
  commit();
  done(null);
};

const answer = ServerResponse.prototype as unknown as Answer;
const { writeHead } = answer;
// Node itself calls this before the first byte of an answer when the program has not.
answer.writeHead = function (...head) {
  commit();
  return writeHead.apply(this, head);
};

const { deleteExtents } = extents;
// Contents nobody refers to any more: first nobody on the disk may refer to them either.
extents.deleteExtents = function (ids) {
  commit();
  return deleteExtents.call(this, ids);
};
