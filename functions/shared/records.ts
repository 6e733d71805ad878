import type { Page } from './page.ts';

/** Bytes that belong to a record while it has work left: beside it, or in the blob of this name. */
export type Content = { readonly inline: Uint8Array } | { readonly blob: string };

/** What goes first where an owner has more to do than it can do at once. */
export type Lane = 'high' | 'normal' | 'bulk';

/** All of them, the first first. */
export const lanes: readonly Lane[] = ['high', 'normal', 'bulk'];

/** Something that happened to an owner (a server, a destination), which may have work left to do. */
export interface Entry<T> {
  readonly record: T;
  /** When there is something to do about it, ISO 8601; left out: there is nothing. */
  readonly dueAt?: string;
  readonly content?: Content;
}

/** An entry with work left, as it was read; or one that is finished and whose content was kept. */
export interface Job<T> extends Entry<T> {
  readonly dueAt: string;
  readonly lane: Lane;
  readonly etag: string;
  /** Where the store has it. */
  readonly key: string;
}

/** Work that waits, without what it is about. */
export interface Waiting {
  readonly id: string;
  readonly lane: Lane;
  readonly dueAt: string;
}

/** What a job was, and what it is now; without a time it has no work left. */
export interface Step<T> {
  readonly job: Job<T>;
  readonly record: T;
  readonly dueAt?: string | undefined;
  /** Until when the content of a job without work is kept, should somebody want it done again; left out: not at all. */
  readonly keptUntil?: string | undefined;
}

export interface RecordQuery {
  readonly owners: readonly string[];
  readonly status?: string | undefined;
  readonly tag?: string | undefined;
  /** Made at this time or later, ISO 8601. */
  readonly since?: string | undefined;
  /** Made before this time, ISO 8601. */
  readonly before?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Messages, received messages, deliveries: kept by owner, newest first, with an agenda of those that have work left. */
export interface Records<T> {
  /** Keeps new records of one owner. One that is there already stays as it is, so that doing it again changes nothing. */
  add(entries: readonly Entry<T>[]): Promise<void>;
  get(id: string): Promise<T | undefined>;
  /** Those of these ids that there are, by id; records that were made one after the other are read at once. */
  among(ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
  /**
   * Changes a record that has no work left, and gives it some where the entry has a time; `change` answers undefined where
   * nothing is to be changed. Answers what was kept.
   * @throws GatewayError `precondition-failed` when others kept changing it
   */
  amend(id: string, change: (record: T) => Entry<T> | undefined): Promise<T | undefined>;
  /** Newest first, over all the owners. */
  list(query: RecordQuery): Promise<Page<T>>;
  /** Removes a record that has no work left; one that is gone already stays so. */
  remove(id: string): Promise<void>;
  /**
   * Removes those of an owner's records of which this holds, as they are now, with what was kept of their jobs; never one
   * that has work left. Answers what was kept.
   */
  removeIf(ids: readonly string[], isOver: (record: T) => boolean): Promise<Content[]>;
  /** The job of a record, due or not, or what is kept of it after its end; undefined when nothing is. */
  job(id: string): Promise<Job<T> | undefined>;
  /** An owner's jobs that are due, of these lanes only: lane by lane, in each the longest due first. */
  due(owner: string, now: Date, limit: number, of?: readonly Lane[]): Promise<Job<T>[]>;
  /** All that an owner has to do, now or later: at most `limit` of each lane, in the order of `due`. */
  waiting(owner: string, limit: number): Promise<Waiting[]>;
  /**
   * Takes steps of jobs of one owner, at most 30, all or none. Answers the jobs that go on, as they are kept now, or
   * undefined when one of them was changed by somebody else.
   */
  step(steps: readonly Step<T>[]): Promise<Job<T>[] | undefined>;
  /** Forgets what of an owner's finished jobs was kept until now, at most 50. Answers what it was. */
  forget(owner: string, now: Date): Promise<Content[]>;
}

/** For counting: what the records of an owner are, without reading them. */
export interface Tally {
  /** The newest first, at most `limit`. */
  tally(
    owner: string,
    /** As in a query: ISO 8601, the first included, the second not. */
    range: { readonly since: string; readonly before: string },
    limit: number,
  ): Promise<{ readonly at: Date; readonly status: string }[]>;
}
