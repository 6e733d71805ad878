import { setTimeout } from 'node:timers/promises';

/** How long to wait, in milliseconds. */
export interface Patience {
  /** Between two tries. */
  readonly pause: number;
  /** Until the code can be put in place: the app's new role on its storage has to be known everywhere, a new app to answer. */
  readonly code: number;
  /** Until /health says ok. */
  readonly health: number;
}

/**
 * Tries until it works, and at least once. A try answers undefined when it did, else what it met, which `onWait` hears
 * each time it is another. @returns what the last try met; undefined when it worked
 */
export async function tryUntil(
  limit: number,
  pause: number,
  attempt: () => Promise<string | undefined>,
  onWait: (met: string) => void,
): Promise<string | undefined> {
  const end = performance.now() + limit;
  let told: string | undefined;
  for (;;) {
    const met = await attempt();
    if (met === undefined || performance.now() + pause > end) return met;
    if (met !== told) onWait(met);
    told = met;
    await setTimeout(pause);
  }
}
