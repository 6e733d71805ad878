/** A page of a list: what stands on it, and where the next one begins. */
export interface Page<T> {
  readonly data: T[];
  readonly nextCursor: string | null;
}
