import type { ReadStates } from './collection.ts';

/** The right to do something alone, across all instances, until it is released or its holder stops renewing it. */
export interface Lease {
  /** Aborts when the lease was lost: its holder must stop at once. */
  readonly signal: AbortSignal;
  /**
   * Gives the lease back. Answers false, and keeps it, when somebody wanted it since it was taken (or since the last
   * false): there may be new work that the holder has not seen.
   * @param beforehand what must be over before anybody else has it; left undone while somebody wants it
   */
  release(beforehand?: () => Promise<void>): Promise<boolean>;
  /** Gives the lease back whatever was wanted. */
  drop(): Promise<void>;
}

export interface Leases {
  /** Takes the lease, or leaves word to its holder and answers undefined. */
  take(name: string): Promise<Lease | undefined>;
}

/** What is kept of a thing, as it was read, with the mark that guards its lease. */
export interface Seen<T> {
  readonly state: T | undefined;
  readonly mark: unknown;
}

/** The lease of a state. What is kept goes with the lease in one write, and only while it is held. */
export interface StateLease<T> extends Pick<Lease, 'signal'> {
  /** The state when the lease was taken. */
  readonly state: T | undefined;
  keep(state: T): Promise<void>;
  /** As of a lease; keeps the state only when it answers true. */
  release(state?: T): Promise<boolean>;
  /** As of a lease; keeps the state. */
  drop(state?: T): Promise<void>;
}

/** States that one holder at a time works on: the right to do so lies beside each, so that it costs no request of its own. */
export interface LeasedStates<T> extends ReadStates<T> {
  /** What is kept of these, read in one request, for `take`. What lies between the first and the last id is read too. */
  among(ids: readonly string[]): Promise<ReadonlyMap<string, Seen<T>>>;
  /** Takes the lease of a state, or leaves word to its holder and answers undefined. */
  take(id: string, seen: Seen<T> | undefined): Promise<StateLease<T> | undefined>;
}
