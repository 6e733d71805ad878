/** Writes that are under way at the same time. */
export interface WritesUnderWay {
  /** Begins a write, and resolves when there is room for the next. @throws what one before it failed with */
  begin(octets: number, write: Promise<void>): Promise<void>;
  /** Resolves when all are done. @throws what one of them failed with */
  done(): Promise<void>;
}

/** @param room octets; what is larger is written alone */
export function startWrites(room: number): WritesUnderWay {
  const running = new Set<Promise<void>>();
  let taken = 0;
  let failure: { readonly cause: unknown } | undefined;

  function demandNoFailure(): void {
    if (failure !== undefined) throw failure.cause;
  }

  return {
    async begin(octets, write) {
      taken += octets;
      const noted = write
        .catch((cause: unknown) => {
          failure ??= { cause };
        })
        .finally(() => {
          taken -= octets;
          running.delete(noted);
        });
      running.add(noted);
      while (taken > room) await Promise.race(running);
      demandNoFailure();
    },
    async done() {
      await Promise.all(running);
      demandNoFailure();
    },
  };
}
