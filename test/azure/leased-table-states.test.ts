import { beforeEach, expect, test } from 'vitest';
import { createLeasedTableStates } from '../../functions/azure/leased-table-states.ts';
import type { Table } from '../../functions/azure/tables.ts';
import type { LeasedStates } from '../../functions/shared/lease.ts';
import { storageForTest } from '../support/storage-for-test.ts';

interface State {
  readonly count: number;
  readonly text?: string;
}

const storage = storageForTest();
/** What was asked of storage, as `get`, `query` or `change 20`. */
let asked: string[];
let table: Table;
/** Two instances of the program. */
let here: LeasedStates<State>;
let there: LeasedStates<State>;

beforeEach(() => {
  table = storage.newTable();
  asked = [];
  here = createLeasedTableStates(counted(table), 'thing');
  there = createLeasedTableStates(table, 'thing');
});

function counted(whole: Table): Table {
  const note = <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    asked.push(what);
    return ask();
  };
  return {
    get: (...keys) => note('get', () => whole.get(...keys)),
    query: (...filter) => note('query', () => whole.query(...filter)),
    change: (actions) => note(`change ${actions.length}`, () => whole.change(actions)),
    remove: (...keys) => note('remove', () => whole.remove(...keys)),
  };
}

async function taken(states: LeasedStates<State>, id = 'one') {
  const lease = await states.take(id, (await states.among([id])).get(id));
  if (lease === undefined) throw new Error('It is held by somebody else.');
  return lease;
}

async function expire(rowKey: string): Promise<void> {
  await table.change([['update', { partitionKey: 'thing', rowKey, until: '2000-01-01T00:00:00.000Z' }, 'Merge']]);
}

test('a state is kept when its lease is given back, in the same write', async () => {
  const lease = await taken(here);
  expect(lease.state).toBeUndefined();
  // Held, and never written: there is none to be seen.
  expect(await here.get('one')).toBeUndefined();
  expect(await here.list()).toEqual(new Map());
  asked.length = 0;
  expect(await lease.release({ count: 1, text: 'x'.repeat(100_000) })).toBe(true);
  expect(asked).toEqual(['change 1']);

  const next = await taken(there);
  expect(next.state?.text).toHaveLength(100_000);
  await next.keep({ count: 2 });
  expect(await here.get('one')).toEqual({ count: 2 });
  await next.drop({ count: 3 });
  expect(await here.list()).toEqual(new Map([['one', { count: 3 }]]));
  expect((await taken(here)).state).toEqual({ count: 3 });
});

test('who comes by leaves word, which is heard before anything is given back', async () => {
  const lease = await taken(here);
  const seen = (await there.among(['one'])).get('one');
  expect(await there.take('one', seen)).toBeUndefined();
  expect(await lease.release({ count: 1 })).toBe(false);
  // It was not given back, and so nothing was kept.
  expect(await there.get('one')).toBeUndefined();
  // What was seen is out of date by now, and word is left all the same.
  expect(await there.take('one', seen)).toBeUndefined();
  expect(await lease.release({ count: 2 })).toBe(false);
  expect(await lease.release({ count: 3 })).toBe(true);
  expect((await taken(there)).state).toEqual({ count: 3 });
});

test('word that is left while a state is kept is not overlooked', async () => {
  const lease = await taken(here);
  expect(await there.take('one', undefined)).toBeUndefined();
  await lease.keep({ count: 1 });
  expect(await there.take('one', (await there.among(['one'])).get('one'))).toBeUndefined();
  await lease.keep({ count: 2 });
  expect(await lease.release({ count: 3 })).toBe(false);
  expect(await lease.release({ count: 4 })).toBe(true);
});

test('a holder that was followed writes nothing any more', async () => {
  const lost = await taken(here);
  await expire('one');
  const follower = await taken(there);
  await lost.keep({ count: 1 });
  expect(lost.signal.aborted).toBe(true);
  expect(await lost.release({ count: 2 })).toBe(true);
  await lost.drop({ count: 3 });
  expect(await there.get('one')).toBeUndefined();
  expect(await follower.release({ count: 4 })).toBe(true);
  expect(await there.get('one')).toEqual({ count: 4 });
});

test('a change whose answer is lost, and that does not hold when it is repeated, counts', async () => {
  let isLost = true;
  const states = createLeasedTableStates<State>(
    {
      ...table,
      async change(actions) {
        const etags = await table.change(actions);
        return isLost ? undefined : etags;
      },
    },
    'thing',
  );
  const lease = await states.take('one', undefined);
  expect(lease?.signal.aborted).toBe(false);
  isLost = false;
  await lease?.keep({ count: 1 });
  isLost = true;
  expect(await lease?.release({ count: 2 })).toBe(true);
  expect(await here.get('one')).toEqual({ count: 2 });
  expect((await taken(there)).state).toEqual({ count: 2 });
});

test('of many that saw the same, one gets it', async () => {
  await (await taken(here)).release({ count: 1 });
  const seen = (await here.among(['one'])).get('one');
  const leases = await Promise.all(Array.from({ length: 12 }, (_, n) => (n % 2 ? here : there).take('one', seen)));
  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test('many are read, taken and given back in one request each', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `id-${String(n).padStart(2, '0')}`);
  await Promise.all(ids.map(async (id) => (await taken(there, id)).release({ count: 1 })));
  const seen = await here.among(ids);
  expect([...seen.keys()]).toEqual(ids);
  const leases = await Promise.all(ids.map((id) => here.take(id, seen.get(id))));
  const held = leases.filter((lease) => lease !== undefined);
  const released = await Promise.all(held.map((lease) => lease.release({ count: 2 })));
  expect(released).toEqual(ids.map(() => true));
  expect(asked).toEqual(['query', 'change 20', 'change 20']);
  expect([...(await there.list()).values()]).toEqual(ids.map(() => ({ count: 2 })));
});

test('one that somebody else has does not keep the others of its request from being taken', async () => {
  const ids = ['id-1', 'id-2', 'id-3'];
  const seen = await here.among(ids);
  const theirs = await taken(there, 'id-2');
  const leases = await Promise.all(ids.map((id) => here.take(id, seen.get(id))));
  expect(leases.map((lease) => lease !== undefined)).toEqual([true, false, true]);
  expect(await theirs.release({ count: 1 })).toBe(false);
});

test('one that storage does not take does not keep the others of its request from being kept', async () => {
  const ids = ['id-1', 'id-2', 'id-3'];
  const leases = await Promise.all(ids.map((id) => taken(here, id)));
  const kept = await Promise.allSettled(
    leases.map((lease, n) => lease.keep({ count: n, ...(n === 1 && { text: 'x'.repeat(1_100_000) }) })),
  );
  expect(kept.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await here.list()).toEqual(
    new Map([
      ['id-1', { count: 0 }],
      ['id-3', { count: 2 }],
    ]),
  );
});
