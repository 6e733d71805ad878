import type { TransactionAction } from '@azure/data-tables';
import { randomKey } from '../shared/ids.ts';
import type { Entity, Table } from './tables.ts';

// After a crash somebody else can begin this much later; a healthy holder renews three times in that span.
const duration = 30_000;
const renewEvery = 10_000;
/** How much earlier than the row says a holder that could not renew stops: clocks differ a little. */
const margin = 2_000;

export interface RowKeys {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** Further properties of the row, which only its holder writes. */
type Columns = Readonly<Record<string, string | number>>;

/** A row whose lease is ours. What it is given is written with the lease, in the same change. */
export interface LeaseRow {
  /** Aborts when the lease was lost: its holder must stop at once. */
  readonly signal: AbortSignal;
  /** Writes, and renews the lease. Nothing is written once it was lost. */
  keep(columns: Columns): Promise<void>;
  /** Writes and gives the lease back. Answers false, and has written nothing, when somebody left word (see Lease). */
  release(columns: Columns, beforehand?: () => Promise<void>): Promise<boolean>;
  /** Writes and gives the lease back whatever was wanted. */
  drop(columns: Columns): Promise<void>;
  /** Gives the lease back with the row and all that is in it, whatever was wanted. */
  remove(): Promise<void>;
}

/**
 * Takes the lease of a row, or leaves word to its holder and answers undefined. A lease is three properties: who holds it,
 * until when (ISO 8601), and whether somebody else came by. ETags decide every race: whoever comes by changes the row, so a
 * holder that gives it back by the ETag of its own last change cannot miss him.
 * @param seen the row as it was read; when it is another by now it is read again
 * @returns the lease, and the row as it was before
 */
export async function takeLeaseRow(
  table: Table,
  keys: RowKeys,
  seen: Entity | undefined,
): Promise<{ readonly row: LeaseRow; readonly found: Entity | undefined } | undefined> {
  const holder = randomKey();
  for (let found = seen; ; found = await table.get(keys.partitionKey, keys.rowKey)) {
    const now = Date.now();
    const until = untilOf(found);
    if (found?.['holder'] === holder) {
      // Ours already: the answer to the change was lost, and the request was repeated.
      return { row: hold(table, keys, holder, Date.parse(until) - duration, found.etag), found };
    }
    if (found !== undefined && until > timeOf(now)) {
      if (found['wanted'] === true) return undefined;
      const left = await table.change([['update', { ...keys, wanted: true }, 'Merge', { etag: found.etag }]]);
      if (left !== undefined) return undefined;
      // It was changed, and may have been given back, at this moment: then nobody has heard the word.
      continue;
    }
    const lease = { ...keys, holder, until: timeOf(now + duration), wanted: false };
    const taking: TransactionAction =
      found === undefined ? ['create', lease] : ['update', lease, 'Merge', { etag: found.etag }];
    const etags = await table.change([taking]);
    if (etags !== undefined) return { row: hold(table, keys, holder, now, etags[0] ?? ''), found };
  }
}

/** Keeps a lease that was taken at `takenAt` by renewing it. One change at a time. */
function hold(table: Table, keys: RowKeys, holder: string, takenAt: number, firstEtag: string): LeaseRow {
  const free = { holder: '', until: timeOf(0), wanted: false };
  const lost = new AbortController();
  /** Of the row as we know it. */
  let etag = firstEtag;
  /** Somebody left word, which is out of the row by now and has not been told. */
  let isWanted = false;
  let over = false;
  const isOver = (): boolean => over;
  let last: Promise<unknown> = Promise.resolve();
  const renewal = setInterval(() => {
    // One that fails is made up for by the next, or else time runs out.
    void inTurn(() => renew({})).catch(() => undefined);
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

  /** Changes the row if it is as we know it. */
  async function tryChange(columns: object): Promise<boolean> {
    const etags = await table.change([['update', { ...keys, wanted: false, ...columns }, 'Merge', { etag }]]);
    if (etags === undefined) return false;
    etag = etags[0] ?? '';
    return true;
  }

  /** Reads the row, which somebody may have changed. */
  async function lookAgain(): Promise<'lost' | 'wanted' | 'ours'> {
    const found = await table.get(keys.partitionKey, keys.rowKey);
    if (found?.['holder'] !== holder) {
      lose();
      return 'lost';
    }
    etag = found.etag;
    return found['wanted'] === true ? 'wanted' : 'ours';
  }

  /** Changes the row while it is ours, and takes word that was left out of it. */
  async function change(columns: object): Promise<void> {
    while (!isOver() && !(await tryChange(columns))) if ((await lookAgain()) === 'wanted') isWanted = true;
  }

  async function renew(columns: Columns): Promise<void> {
    if (isOver()) return;
    const from = Date.now();
    await change({ until: timeOf(from + duration), ...columns });
    // A holder that ran out of time meanwhile has stopped, and does not begin again.
    if (isOver()) return;
    clearTimeout(expiry);
    expiry = expireAfter(from);
  }

  /** Says whether word was left; then it is told, and there is none any more. */
  async function hear(): Promise<boolean> {
    if (isOver()) return false;
    if (!isWanted) {
      if ((await lookAgain()) !== 'wanted') return false;
      await change({});
    }
    isWanted = false;
    return !isOver();
  }

  return {
    signal: lost.signal,
    keep: (columns) => inTurn(() => renew(columns)),
    async release(columns, beforehand) {
      if (beforehand !== undefined) {
        if (await inTurn(hear)) return false;
        await beforehand();
      }
      return inTurn(async () => {
        if (isOver()) return true;
        if (!isWanted && (await tryChange({ ...columns, ...free }))) end();
        else await hear();
        return isOver();
      });
    },
    drop: (columns) =>
      inTurn(async () => {
        try {
          await change({ ...columns, ...free });
        } finally {
          end();
        }
      }),
    remove: () =>
      inTurn(async () => {
        try {
          while (!isOver() && !(await table.remove(keys.partitionKey, keys.rowKey, etag))) await lookAgain();
        } finally {
          end();
        }
      }),
  };
}

function untilOf(row: Entity | undefined): string {
  const until = row?.['until'];
  return typeof until === 'string' ? until : '';
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
