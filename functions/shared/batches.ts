/** How many things, and how many octets. */
export interface Extent {
  readonly count: number;
  readonly octets: number;
}

/** Things in batches of such an extent at the most, in their order; one that is larger makes a batch by itself. */
export function* inBatches<T>(things: Iterable<T>, most: Extent, extentOf: (thing: T) => Extent): Generator<T[], void> {
  let batch: T[] = [];
  let count = 0;
  let octets = 0;
  for (const thing of things) {
    const more = extentOf(thing);
    if (batch.length > 0 && (count + more.count > most.count || octets + more.octets > most.octets)) {
      yield batch;
      batch = [];
      count = 0;
      octets = 0;
    }
    batch.push(thing);
    count += more.count;
    octets += more.octets;
  }
  if (batch.length > 0) yield batch;
}
