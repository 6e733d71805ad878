import type { Lease, Leases } from '../shared/lease.ts';
import { randomKey } from '../shared/ids.ts';
import type { Table } from './tables.ts';

// After a crash somebody else can begin this much later; a healthy holder renews three times in that span.
const duration = 30_000;
const renewEvery = 10_000;

interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly holder: string;
  /** ISO 8601. */
  readonly until: string;
  readonly wanted: boolean;
}

/** Leases kept as rows: who holds it, until when, and whether somebody else came by. ETags decide every race. */
export function createTableLeases(table: Table): Leases {
  const partition = 'lease';

  async function take(name: string): Promise<Lease | undefined> {
    for (;;) {
      const found = await table.get(partition, name);
      const now = Date.now();
      if (found !== undefined && String(found['until']) > new Date(now).toISOString()) {
        // Leaving word must not be lost to a holder that releases at this moment: if the row changed, look again.
        if (found['wanted'] === true) return undefined;
        const left = await table.change([
          ['update', { partitionKey: partition, rowKey: name, wanted: true }, 'Merge', { etag: found.etag }],
        ]);
        if (left !== undefined) return undefined;
        continue;
      }
      const row: Row = {
        partitionKey: partition,
        rowKey: name,
        holder: randomKey(),
        until: untilFrom(now),
        wanted: false,
      };
      const etags = await table.change([
        found === undefined ? ['create', { ...row }] : ['update', { ...row }, 'Replace', { etag: found.etag }],
      ]);
      if (etags !== undefined) return hold(row, etags[0] ?? '');
    }
  }

  /** Keeps the lease by renewing it; every renewal and release is one change at a time, guarded by the last ETag. */
  function hold(row: Row, firstEtag: string): Lease {
    const lost = new AbortController();
    let etag = firstEtag;
    let last: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      void inTurn(renew).catch(() => {
        clearInterval(timer);
        lost.abort();
      });
    }, renewEvery);

    function inTurn<T>(run: () => Promise<T>): Promise<T> {
      const turn = last.then(run);
      last = turn.catch(() => undefined);
      return turn;
    }

    async function renew(): Promise<void> {
      const found = await table.get(partition, row.rowKey);
      if (found?.['holder'] !== row.holder) throw new Error('The lease was taken over.');
      const etags = await table.change([
        [
          'update',
          { partitionKey: partition, rowKey: row.rowKey, until: untilFrom(Date.now()) },
          'Merge',
          { etag: found.etag },
        ],
      ]);
      // Somebody left word between the two lines: their change is not known yet, so the next release must fail.
      if (etags !== undefined && found.etag === etag) etag = etags[0] ?? '';
    }

    async function giveBack(guard: string): Promise<boolean> {
      const freed = { partitionKey: partition, rowKey: row.rowKey, until: new Date(0).toISOString(), wanted: false };
      return (await table.change([['update', freed, 'Merge', { etag: guard }]])) !== undefined;
    }

    return {
      signal: lost.signal,
      release: () =>
        inTurn(async () => {
          if (await giveBack(etag)) {
            clearInterval(timer);
            return true;
          }
          const found = await table.get(partition, row.rowKey);
          if (found?.['holder'] !== row.holder) {
            clearInterval(timer);
            lost.abort();
            return true;
          }
          const heard = { partitionKey: partition, rowKey: row.rowKey, wanted: false, until: untilFrom(Date.now()) };
          const etags = await table.change([['update', heard, 'Merge', { etag: found.etag }]]);
          if (etags !== undefined) etag = etags[0] ?? '';
          return false;
        }),
      drop: () =>
        inTurn(async () => {
          clearInterval(timer);
          const found = await table.get(partition, row.rowKey);
          if (found?.['holder'] === row.holder) await giveBack(found.etag);
        }),
    };
  }

  return { take };
}

function untilFrom(now: number): string {
  return new Date(now + duration).toISOString();
}
