/** Between two words that are heard at once. */
const spacing = 250;
/** How long a word that others share is held back. */
const heldFor = 1_000;

/**
 * Gives word that there is work, one for all that comes in a burst instead of one each. The first is heard at once, and
 * another every quarter of a second; what comes in between shares one that is held back for a second, so that whoever
 * hears it finds everything that was there when the sharers gave word. Each call resolves when a word is on its way that
 * will be heard after it.
 * @param give puts the word where it can be heard after so many seconds, not earlier
 */
export function createSharedWord(give: (delaySeconds: number) => Promise<void>): () => Promise<void> {
  let heardAt = Number.NEGATIVE_INFINITY;
  let held: { readonly given: Promise<void>; readonly until: number } | undefined;

  return async () => {
    const now = performance.now();
    if (now - heardAt >= spacing) {
      heardAt = now;
      return give(0);
    }
    if (held === undefined || now >= held.until) {
      const sharing = { given: give(heldFor / 1000), until: now + heldFor };
      held = sharing;
      sharing.given.catch(() => {
        if (held === sharing) held = undefined;
      });
    }
    return held.given;
  };
}
