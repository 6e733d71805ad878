import type { Lease, Leases } from '../shared/lease.ts';
import { randomKey } from '../shared/ids.ts';
import type { Table } from './tables.ts';

// After a crash somebody else can begin this much later; a healthy holder renews three times in that span.
const duration = 30_000;
const renewEvery = 10_000;
/** How much earlier than the row says a holder that could not renew stops: clocks differ a little. */
const margin = 2_000;
const partitionKey = 'lease';

/**
 * Leases kept as rows: who holds it, until when (ISO 8601), and whether somebody else came by. ETags decide every race:
 * whoever comes by changes the row, so a holder that gives it back by the ETag of its own last change cannot miss him.
 */
export function createTableLeases(table: Table): Leases {
  return {
    async take(rowKey) {
      for (;;) {
        const found = await table.get(partitionKey, rowKey);
        const now = Date.now();
        if (found !== undefined && String(found['until']) > new Date(now).toISOString()) {
          if (found['wanted'] === true) return undefined;
          const left = await table.change([
            ['update', { partitionKey, rowKey, wanted: true }, 'Merge', { etag: found.etag }],
          ]);
          if (left !== undefined) return undefined;
          // It was changed, and may have been given back, at this moment: then nobody has heard the word.
          continue;
        }
        const holder = randomKey();
        const row = { partitionKey, rowKey, holder, until: timeOf(now + duration), wanted: false };
        const etags = await table.change([
          found === undefined ? ['create', row] : ['update', row, 'Replace', { etag: found.etag }],
        ]);
        if (etags !== undefined) return hold(table, rowKey, holder, now, etags[0] ?? '');
      }
    },
  };
}

/** Keeps a lease that was taken at `takenAt` by renewing it. One change at a time. */
function hold(table: Table, rowKey: string, holder: string, takenAt: number, firstEtag: string): Lease {
  const lost = new AbortController();
  /** Of the last change of ours after which we had heard all that was left. */
  let etag = firstEtag;
  let over = false;
  const isOver = (): boolean => over;
  let last: Promise<unknown> = Promise.resolve();
  const renewal = setInterval(() => {
    // One that fails is made up for by the next, or else time runs out.
    void inTurn(renew).catch(() => undefined);
  }, renewEvery);
  let expiry = expireAfter(takenAt);

  function expireAfter(from: number): NodeJS.Timeout {
    return setTimeout(lose, from + duration - margin - Date.now());
  }

  function end(): void {
    over = true;
    clearInterval(renewal);
    clearTimeout(expiry);
  }

  function lose(): void {
    end();
    lost.abort();
  }

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function change(what: Record<string, unknown>, guard: string): Promise<string | undefined> {
    const etags = await table.change([['update', { partitionKey, rowKey, ...what }, 'Merge', { etag: guard }]]);
    return etags?.[0];
  }

  async function renew(): Promise<void> {
    if (isOver()) return;
    const from = Date.now();
    const found = await table.get(partitionKey, rowKey);
    if (found?.['holder'] !== holder) {
      lose();
      return;
    }
    const renewed = await change({ until: timeOf(from + duration) }, found.etag);
    // A holder that ran out of time meanwhile has stopped, and does not begin again.
    if (renewed === undefined || isOver()) return;
    clearTimeout(expiry);
    expiry = expireAfter(from);
    // Where somebody left word since our last change, our ETag stays behind: the next release must not go through.
    if (found.etag === etag) etag = renewed;
  }

  /** @returns whether it is given back */
  async function giveBack(guard: string): Promise<boolean> {
    return (await change({ holder: '', until: timeOf(0), wanted: false }, guard)) !== undefined;
  }

  /** Takes note of word that was left. Answers false when there was none, or the lease is not ours any more. */
  async function isWanted(): Promise<boolean> {
    if (isOver()) return false;
    const found = await table.get(partitionKey, rowKey);
    if (found?.['holder'] !== holder) {
      lose();
      return false;
    }
    const isLeft = found['wanted'] === true;
    etag = isLeft ? ((await change({ wanted: false }, found.etag)) ?? etag) : found.etag;
    return isLeft;
  }

  return {
    signal: lost.signal,
    async release(beforehand) {
      if (beforehand !== undefined) {
        if (await inTurn(isWanted)) return false;
        await beforehand();
      }
      return inTurn(async () => {
        if (isOver()) return true;
        if (await giveBack(etag)) end();
        else await isWanted();
        return isOver();
      });
    },
    drop: () =>
      inTurn(async () => {
        if (isOver()) return;
        end();
        for (;;) {
          const found = await table.get(partitionKey, rowKey);
          if (found?.['holder'] !== holder || (await table.remove(partitionKey, rowKey, found.etag))) return;
        }
      }),
  };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
