import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTableLeases } from '../../functions/azure/table-leases.ts';
import type { Table } from '../../functions/azure/tables.ts';
import type { Leases } from '../../functions/shared/lease.ts';
import { storageForTest } from '../support/storage-for-test.ts';

const storage = storageForTest();
let table: Table;
/** Two instances of the program. The first may be cut off from storage. */
let here: Leases;
let there: Leases;
let isCutOff: boolean;

beforeEach(() => {
  // Renewals happen when a test says so; requests and their time-outs go on as ever.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  table = storage.newTable();
  isCutOff = false;
  here = createTableLeases(cutOffFrom(table));
  there = createTableLeases(table);
});
afterEach(() => {
  vi.useRealTimers();
});

function cutOffFrom(whole: Table): Table {
  const unlessCutOff = <T>(ask: () => Promise<T>): Promise<T> =>
    isCutOff ? Promise.reject(new Error('Storage does not answer.')) : ask();
  return {
    get: (...keys) => unlessCutOff(() => whole.get(...keys)),
    query: (...filter) => unlessCutOff(() => whole.query(...filter)),
    change: (...actions) => unlessCutOff(() => whole.change(...actions)),
    remove: (...keys) => unlessCutOff(() => whole.remove(...keys)),
  };
}

/** Lets the clock run and whatever was due then end. */
async function pass(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
}

/** @throws Error unless the lease is free */
async function taken(leases: Leases) {
  const lease = await leases.take('one');
  if (lease === undefined) throw new Error('The lease is held by somebody else.');
  return lease;
}

async function rowUntil(): Promise<number> {
  return Date.parse(String((await table.get('lease', 'one'))?.['until']));
}

test('a lease has one holder, and another after it was released', async () => {
  const lease = await taken(here);
  expect(await there.take('two')).toBeDefined();
  expect(await there.take('one')).toBeUndefined();
  // The other has left word: there may be work.
  expect(await lease.release()).toBe(false);
  expect(await lease.release()).toBe(true);

  const next = await taken(there);
  expect(await here.take('one')).toBeUndefined();
  await next.drop();
  expect((await taken(here)).signal.aborted).toBe(false);
});

test('of many that try at the same moment one gets it', async () => {
  const leases = await Promise.all(Array.from({ length: 12 }, (_, n) => (n % 2 ? here : there).take('one')));
  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test('a holder that is gone is followed after half a minute, not before', async () => {
  await taken(here);
  isCutOff = true;
  await pass(29);
  expect(await there.take('one')).toBeUndefined();
  await pass(2);
  const follower = await taken(there);
  // The word left with the dead is not the follower's.
  expect(await follower.release()).toBe(true);
});

test('a holder that cannot renew stops before another can begin', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'] });
  const lease = await taken(here);
  const until = await rowUntil();
  isCutOff = true;
  await pass(27);
  expect(lease.signal.aborted).toBe(false);
  await pass(2);
  expect(lease.signal.aborted).toBe(true);
  expect(Date.now()).toBeLessThan(until);
});

test('one renewal that fails is made up for by the next', async () => {
  const lease = await taken(here);
  const before = await rowUntil();
  isCutOff = true;
  await pass(10);
  isCutOff = false;
  await pass(10);
  await vi.waitUntil(async () => (await rowUntil()) === before + 20_000);
  expect(lease.signal.aborted).toBe(false);
  expect(await lease.release()).toBe(true);
});

test('a holder that lives renews, and loses nothing that was left meanwhile', async () => {
  const lease = await taken(here);
  const before = await rowUntil();
  await pass(10);
  await vi.waitUntil(async () => (await rowUntil()) === before + 10_000);

  expect(await there.take('one')).toBeUndefined();
  await pass(10);
  await vi.waitUntil(async () => (await rowUntil()) === before + 20_000);
  expect(lease.signal.aborted).toBe(false);
  expect(await lease.release()).toBe(false);
  expect(await lease.release()).toBe(true);
});

test('a holder whose lease was taken over is told so, and gives nothing back', async () => {
  const lost = await taken(here);
  await table.change([
    ['update', { partitionKey: 'lease', rowKey: 'one', until: '2000-01-01T00:00:00.000Z' }, 'Merge'],
  ]);
  const follower = await taken(there);
  expect(lost.signal.aborted).toBe(false);
  await pass(10);
  await vi.waitUntil(() => lost.signal.aborted);

  expect(await lost.release()).toBe(true);
  await lost.drop();
  expect(await here.take('one')).toBeUndefined();
  expect(await follower.release()).toBe(false);
});

test('release says the same to a holder that did not know', async () => {
  const lost = await taken(here);
  await table.change([
    ['update', { partitionKey: 'lease', rowKey: 'one', until: '2000-01-01T00:00:00.000Z' }, 'Merge'],
  ]);
  await taken(there);
  expect(await lost.release()).toBe(true);
  expect(lost.signal.aborted).toBe(true);
  expect(await here.take('one')).toBeUndefined();
});

test('nothing renews a lease that was given back', async () => {
  for (const end of ['release', 'drop'] as const) {
    const lease = await taken(here);
    // A renewal that became due just before waits for its turn, behind the end.
    const ending = lease[end]();
    await pass(10);
    await ending;
    await pass(30);
    expect(await rowUntil()).toEqual(end === 'drop' ? Number.NaN : 0);
  }
});

test('no work is lost, whoever comes by while a holder leaves', async () => {
  vi.useRealTimers();
  let toDo = 0;
  let atWork = 0;
  let done = 0;
  // As the senders and fetchers do: leave word or become the holder, who goes on until nobody left word.
  const comeBy = async (leases: Leases): Promise<void> => {
    toDo += 1;
    const lease = await leases.take('one');
    if (lease === undefined) return;
    do {
      atWork += 1;
      expect(atWork).toBe(1);
      const found = toDo;
      toDo = 0;
      await new Promise((resolve) => setTimeout(resolve, 1));
      done += found;
      atWork -= 1;
    } while (!(await lease.release()));
  };
  const instances = [here, there, createTableLeases(table)];
  const visitors = Array.from({ length: 240 }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 6 * Math.random()));
    await comeBy(instances[n % 3] ?? here);
  });
  await Promise.all(visitors);
  expect({ toDo, done }).toEqual({ toDo: 0, done: 240 });
});
