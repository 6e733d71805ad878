import { expect, test, vi } from 'vitest';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { createTableStates } from '../../functions/azure/table-states.ts';
import { createTables } from '../../functions/azure/tables.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';

const storage = storageForTest();
const row = (rowKey: string, value: number) => ({ partitionKey: 'p', rowKey, value });

test('a table is made by whatever is asked of it first', async () => {
  expect(await storage.newTable().get('p', 'r')).toBeUndefined();
  expect(await storage.newTable().query(`PartitionKey eq 'p'`)).toEqual([]);
  expect(await storage.newTable().change([['create', row('r', 1)]])).toHaveLength(1);
  expect(await storage.newTable().remove('p', 'r', '*')).toBe(false);
  const many = storage.newTable();
  await Promise.all(Array.from({ length: 8 }, (_, n) => many.change([['create', row(String(n), n)]])));
  expect(await many.query(`PartitionKey eq 'p'`)).toHaveLength(8);
});

test('changes are all made or none, and say when one did not hold', async () => {
  const table = storage.newTable();
  const [etag = ''] = (await table.change([['create', row('a', 1)]])) ?? [];
  expect(
    await table.change([
      ['create', row('b', 2)],
      ['create', row('a', 3)],
    ]),
  ).toBeUndefined();
  expect(await table.get('p', 'b')).toBeUndefined();
  expect(await table.change([['update', row('missing', 1), 'Merge', { etag: '*' }]])).toBeUndefined();
  expect(await table.change([['delete', { partitionKey: 'p', rowKey: 'missing' }]])).toBeUndefined();

  const [next] = (await table.change([['update', row('a', 4), 'Replace', { etag }]])) ?? [];
  expect(next).not.toBe(etag);
  expect(await table.change([['update', row('a', 5), 'Replace', { etag }]])).toBeUndefined();
  expect(await table.get('p', 'a')).toMatchObject({ value: 4, etag: next });
  expect(await table.remove('p', 'a', etag)).toBe(false);
  expect(await table.remove('p', 'a', next ?? '')).toBe(true);
  expect(await table.remove('p', 'a', next ?? '')).toBe(false);
});

test('a query stops at its limit and goes on past the pages of the service', async () => {
  const table = storage.newTable();
  for (let from = 0; from < 1100; from += 100)
    await table.change(Array.from({ length: 100 }, (_, n) => ['create', row(String(from + n).padStart(4, '0'), n)]));
  expect(await table.query(`PartitionKey eq 'p'`)).toHaveLength(1100);
  const some = await table.query(`PartitionKey eq 'p' and RowKey gt '0041'`, 3);
  expect(some.map(({ rowKey }) => rowKey)).toEqual(['0042', '0043', '0044']);
});

test('storage that refuses or is away is told as such, without its secrets', async () => {
  const given = storage.connectionString();
  const tables = (connectionString: string) =>
    createTables({ connectionString }, () => Promise.reject(new Error('not used')))('things');
  const wrongKey = given.replace(/AccountKey=[^;]+/, `AccountKey=${Buffer.from('wrong').toString('base64')}`);
  const refused = await tables(wrongKey)
    .get('p', 'r')
    .catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(GatewayError);
  expect(refused).toMatchObject({ code: 'storage-unavailable' });
  expect((refused as GatewayError).data.remedy).toContain('role');

  const away = given.replace(/TableEndpoint=[^;]+/, 'TableEndpoint=http://127.0.0.1:9/devstoreaccount1');
  const failed = await tables(away)
    .change([['create', row('r', 1)]])
    .catch((thrown: unknown) => thrown);
  expect(failed).toMatchObject({ code: 'storage-unavailable', data: { retryAfter: 5 } });
  expect((failed as GatewayError).message).not.toContain('AccountKey');
}, 30_000);

test('a collection guards what is configured', async () => {
  const table = storage.newTable();
  const fruits = createTableCollection<{ name: string }>(table, 'fruit');
  const others = createTableCollection<{ name: string }>(table, 'other');
  const { etag } = await fruits.add('b', { name: 'banana' });
  await fruits.add('a', { name: 'apple' });
  await others.add('a', { name: 'anchor' });
  await expect(fruits.add('a', { name: 'apricot' })).rejects.toMatchObject({ code: 'conflict' });
  expect((await fruits.list()).map(({ value }) => value.name)).toEqual(['apple', 'banana']);
  expect(await fruits.get('b')).toEqual({ value: { name: 'banana' }, etag });

  const replaced = await fruits.replace('b', { name: 'blueberry' }, etag);
  await expect(fruits.replace('b', { name: 'beet' }, etag)).rejects.toMatchObject({ code: 'precondition-failed' });
  await expect(fruits.replace('z', { name: 'none' }, etag)).rejects.toMatchObject({ code: 'precondition-failed' });
  expect(await fruits.get('b')).toEqual(replaced);
  expect(await fruits.remove('b', etag)).toBe(false);
  const removals = await Promise.all([fruits.remove('b', replaced.etag), fruits.remove('b', replaced.etag)]);
  expect(removals.toSorted()).toEqual([false, true]);
  expect(await fruits.get('b')).toBeUndefined();
  expect(await others.list()).toHaveLength(1);
});

test('what was read a moment ago is not read again, unless this process changed it', async () => {
  const inner = storage.newTable();
  let reads = 0;
  const counted = {
    ...inner,
    query(...filter: Parameters<typeof inner.query>) {
      reads += 1;
      return inner.query(...filter);
    },
  };
  const here = createTableCollection<{ name: string }>(counted, 'fruit');
  const there = createTableCollection<{ name: string }>(inner, 'fruit');
  const names = async () => (await here.recent()).map(({ value }) => value.name);
  const { etag } = await here.add('a', { name: 'apple' });
  await Promise.all([names(), names(), names()]);
  expect(await names()).toEqual(['apple']);
  expect(reads).toBe(1);

  const changed = await here.replace('a', { name: 'apricot' }, etag);
  expect(await names()).toEqual(['apricot']);
  await there.add('b', { name: 'banana' });
  expect(await names()).toEqual(['apricot']);
  expect(reads).toBe(2);
  await vi.waitUntil(async () => (await names()).join() === 'apricot,banana', { timeout: 2000 });
  expect(reads).toBe(3);
  await here.remove('a', changed.etag);
  expect(await names()).toEqual(['banana']);
  // A change that is refused says that we are behind.
  await there.add('c', { name: 'cherry' });
  await expect(here.add('c', { name: 'citron' })).rejects.toMatchObject({ code: 'conflict' });
  expect(await names()).toEqual(['banana', 'cherry']);
});

test('a failed reading is not kept', async () => {
  const table = storage.newTable();
  let fails = true;
  const query: typeof table.query = (...filter) =>
    fails ? Promise.reject(new GatewayError('storage-unavailable', 'away')) : table.query(...filter);
  const fruits = createTableCollection<{ name: string }>({ ...table, query }, 'fruit');
  await expect(fruits.recent()).rejects.toMatchObject({ code: 'storage-unavailable' });
  fails = false;
  expect(await fruits.recent()).toEqual([]);
});

test('of a state the last write holds', async () => {
  const states = createTableStates<{ failures: number; last?: string }>(storage.newTable(), 'server');
  expect(await states.get('a')).toBeUndefined();
  await states.put('a', { failures: 1, last: 'x'.repeat(40_000) });
  await states.put('a', { failures: 2 });
  await states.put('b', { failures: 0 });
  expect(await states.get('a')).toEqual({ failures: 2 });
  expect(await states.list()).toEqual(
    new Map([
      ['a', { failures: 2 }],
      ['b', { failures: 0 }],
    ]),
  );
});
