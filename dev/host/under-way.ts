import { setTimeout as sleep } from 'node:timers/promises';

/** Remembers work until it is settled. */
export interface UnderWay {
  add(work: Promise<unknown>): void;
  /** Waits until nothing is under way, `patience` milliseconds at most; the number of works that are. */
  drain(patience: number): Promise<number>;
}

export function createUnderWay(): UnderWay {
  const works = new Set<Promise<unknown>>();
  return {
    add(work) {
      const settled = work.catch(() => undefined).finally(() => works.delete(settled));
      works.add(settled);
    },
    async drain(patience) {
      const empty = new AbortController();
      const emptied = async () => {
        while (works.size > 0) await Promise.all(works);
        empty.abort();
      };
      await Promise.race([emptied(), sleep(patience, undefined, { signal: empty.signal }).catch(() => undefined)]);
      return works.size;
    },
  };
}
