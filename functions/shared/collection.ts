/** A value as it is kept, with the mark that guards the next change to it. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** Configured things of one kind: few, read often, changed by people. */
export interface Collection<T> {
  get(id: string): Promise<Stored<T> | undefined>;
  /** All of them, in the order of their ids. */
  list(): Promise<Stored<T>[]>;
  /** @throws GatewayError `conflict` when the id is taken. */
  add(id: string, value: T): Promise<Stored<T>>;
  /** @throws GatewayError `precondition-failed` when it was changed or removed since `etag` was read. */
  replace(id: string, value: T, etag: string): Promise<Stored<T>>;
  /** Removes it, and says whether this call did: of two that try with the same `etag`, one is told true. */
  remove(id: string, etag: string): Promise<boolean>;
}

/** A collection that is read by every call: asking storage each time would cost more than the call itself. */
export interface Recent<T> {
  /** All of them, as they were at most a second ago; what this process changed itself is in it. */
  recent(): Promise<Stored<T>[]>;
}

/** A collection of which some are read at once. */
export interface Among<T> {
  /** Those of these ids that there are, by id, in one request: what lies between the first and the last is read as well. */
  among(ids: readonly string[]): Promise<ReadonlyMap<string, Stored<T>>>;
}

/** What is kept about each thing that is worked on, for others to see. */
export interface ReadStates<T> {
  get(id: string): Promise<T | undefined>;
  /** All of them, by id. */
  list(): Promise<ReadonlyMap<string, T>>;
}

/** What one worker at a time keeps about each thing it works on; the last write holds. */
export interface States<T> extends ReadStates<T> {
  put(id: string, state: T): Promise<void>;
}

/** States of things that come to an end. */
export interface PassingStates<T> extends States<T> {
  /** Removes the state of a thing of which this holds. */
  removeIf(id: string, isOver: (state: T) => boolean): Promise<void>;
}

/** A collection whose things are kept for a while only. */
export interface Passing {
  /** Removes things last changed before a time, of those whose ids begin with `prefix`, at most 100. Answers how many. */
  removeOlder(than: Date, prefix: string): Promise<number>;
}
