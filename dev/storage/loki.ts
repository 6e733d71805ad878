// What we use of LokiJS 1.5, the in-memory database Azurite keeps its metadata in. It comes without types.

/** A document, with the number Loki gave it. */
export interface LokiDocument {
  $loki: number;
}

export interface LokiCollection {
  name: string;
  data: LokiDocument[];
  /** The highest number given to a document so far. */
  maxId: number;
  uniqueNames: string[];
  binaryIndices: Record<string, unknown>;
  /** Whether anything changed since this was last set to false. */
  dirty: boolean;
  /** The numbers of the documents inserted, updated or removed since this was last emptied. */
  dirtyIds: number[];
  get(id: number): LokiDocument | null;
  ensureId(): void;
  ensureAllIndexes(force: boolean): void;
}

export interface LokiDatabase {
  filename: string;
  collections: LokiCollection[];
  addCollection(name: string, options: { unique: string[]; indices: string[] }): LokiCollection;
}

/** The methods that Loki calls, or Azurite calls on Loki, to keep a database in a file. */
export interface LokiPersistence {
  /** Tells new collections to fill `dirtyIds`. */
  isIncremental: boolean;
  autosaveEnable(this: LokiDatabase): void;
  loadDatabase(this: LokiDatabase, options: unknown, done: (error: unknown) => void): void;
  saveDatabase(this: LokiDatabase, done: (error: unknown) => void): void;
}
