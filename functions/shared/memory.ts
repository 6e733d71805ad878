/** Things that this process may soon be asked for again, by id. */
export interface Memory<T> {
  /** @param octets about what it takes */
  note(id: string, thing: T, octets: number): void;
  get(id: string): T | undefined;
}

/** @param capacity octets; the oldest make room for the newest */
export function createMemory<T>(capacity: number): Memory<T> {
  const noted = new Map<string, { readonly thing: T; readonly octets: number }>();
  let taken = 0;

  function forget(id: string): void {
    taken -= noted.get(id)?.octets ?? 0;
    noted.delete(id);
  }

  return {
    note(id, thing, octets) {
      forget(id);
      noted.set(id, { thing, octets });
      taken += octets;
      for (const oldest of noted.keys()) {
        if (taken <= capacity) break;
        forget(oldest);
      }
    },
    get: (id) => noted.get(id)?.thing,
  };
}
