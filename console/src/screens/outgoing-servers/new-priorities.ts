/** A server and its priority: the lower the earlier it is asked. */
export interface Ranked {
  readonly id: string;
  readonly priority: number;
}

/** So far apart are servers that are numbered anew: room for others between them. */
const step = 10;

/**
 * What to change so that the servers are asked in this order, in which `moved` has just found its place: its own
 * priority where there is room between its neighbours, else all that are not right.
 */
export function newPriorities(order: readonly Ranked[], moved: string): Ranked[] {
  const at = order.findIndex(({ id }) => id === moved);
  const before = order[at - 1]?.priority;
  const after = order[at + 1]?.priority;
  const low = before ?? (after ?? 0) - 2 * step;
  const high = after ?? low + 2 * step;
  const between = Math.floor((low + high) / 2);
  if (between > low && between < high && between >= 0) return [{ id: moved, priority: between }];
  return order
    .map(({ id }, index) => ({ id, priority: (index + 1) * step }))
    .filter(({ priority }, index) => priority !== order[index]?.priority);
}
