import type { TransactionAction } from '@azure/data-tables';
import type { Table } from './tables.ts';

interface Waiting {
  readonly action: TransactionAction;
  readonly resolve: (etags: Promise<Etags>) => void;
}

type Etags = Awaited<ReturnType<Table['change']>>;

// Of the 100 and the 4 MiB that a transaction takes.
const joinedAtMost = 50;
const octetsAtMost = 2 * 1024 * 1024;

/**
 * A table on which single changes that are made at the same time, or while others are on their way, travel in one
 * request. Each still holds or not by itself: when one does not, all are made one by one.
 */
export function joinChanges(table: Table): Table {
  const partitions = new Map<string, Waiting[]>();

  async function run(partition: string, waiting: Waiting[]): Promise<void> {
    // Whoever asks in this moment comes along.
    await new Promise(setImmediate);
    while (waiting.length > 0) await make(takeSome(waiting));
    partitions.delete(partition);
  }

  async function make(some: readonly Waiting[]): Promise<void> {
    const actions = some.map(({ action }) => action);
    // One that storage does not take at all must not keep the others from being made.
    const etags = actions.length === 1 ? undefined : await table.change(actions).catch(() => undefined);
    const made = some.map(({ action, resolve }, index) => {
      const one = etags === undefined ? table.change([action]) : Promise.resolve([etags[index]]);
      resolve(one);
      return one;
    });
    await Promise.allSettled(made);
  }

  return {
    ...table,
    async change(actions) {
      const [action] = actions;
      if (action === undefined || actions.length > 1) return table.change(actions);
      const { partitionKey } = action[1];
      return new Promise((resolve) => {
        const waiting = partitions.get(partitionKey);
        const one = { action, resolve };
        if (waiting !== undefined) waiting.push(one);
        else {
          const first = [one];
          partitions.set(partitionKey, first);
          void run(partitionKey, first);
        }
      });
    },
  };
}

/** Takes the first of those that wait and fit into one transaction: a row can be in it once. */
function takeSome(waiting: Waiting[]): Waiting[] {
  const some: Waiting[] = [];
  const rows = new Set<string>();
  let octets = 0;
  for (const one of [...waiting]) {
    const [, row] = one.action;
    octets += Buffer.byteLength(JSON.stringify(row));
    if (some.length === joinedAtMost || (some.length > 0 && octets > octetsAtMost)) break;
    if (rows.has(row.rowKey)) continue;
    rows.add(row.rowKey);
    some.push(one);
    waiting.splice(waiting.indexOf(one), 1);
  }
  return some;
}
