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
