/** A batch, and what was read of it, which may have failed. */
export interface ReadBatch<T, Read> {
  readonly batch: T;
  readonly read: Promise<Read>;
}

/**
 * Reads batches one after the other, each while the one before it is being kept and dealt with, until it is over. What
 * has been begun is waited for, also where it is not wanted any more.
 * @param begin calls `isHere` when the batch is here, and all that is left to do is to keep it
 */
export async function* readAhead<T, Read>(
  batches: Iterable<T>,
  begin: (batch: T, isHere: () => void) => Promise<Read>,
  isOver: () => boolean,
): AsyncGenerator<ReadBatch<T, Read>, void> {
  const begun: Promise<Read>[] = [];
  let before: (ReadBatch<T, Read> & { readonly here: Promise<undefined> }) | undefined;
  try {
    for (const batch of batches) {
      await before?.here;
      if (isOver()) break;
      const { promise: here, resolve } = Promise.withResolvers<undefined>();
      const isHere = (): void => {
        resolve(undefined);
      };
      const read = begin(batch, isHere);
      begun.push(read);
      // Whether it has failed is asked when its turn has come.
      read.then(isHere, isHere);
      const ready = before;
      before = { batch, read, here };
      if (ready !== undefined) yield ready;
    }
    if (before !== undefined) yield before;
  } finally {
    await Promise.allSettled(begun);
  }
}
