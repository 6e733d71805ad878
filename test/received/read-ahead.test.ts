import { expect, test } from 'vitest';
import { readAhead } from '../../functions/received/read-ahead.ts';

const never = () => false;

/** Reads numbers, and tells what was begun and ended when. */
function reader(said: string[], failing?: number) {
  return async (batch: number): Promise<string> => {
    said.push(`read ${batch}`);
    await new Promise(setImmediate);
    said.push(`have ${batch}`);
    if (batch === failing) throw new Error(`Not ${batch}.`);
    return `content ${batch}`;
  };
}

test('each batch is read while the one before it is dealt with, one at a time', async () => {
  const said: string[] = [];
  for await (const { batch, read } of readAhead([1, 2, 3], reader(said), never)) {
    expect(await read).toBe(`content ${batch}`);
    said.push(`keep ${batch}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(said.filter((line) => /^read|^keep/.test(line))).toEqual([
    ...['read 1', 'read 2', 'keep 1', 'read 3', 'keep 2', 'keep 3'],
  ]);
});

test('what fails is told when its turn has come', async () => {
  const kept: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const { batch, read } of readAhead([1, 2, 3], reader([], 2), never)) {
      await read;
      kept.push(batch);
    }
  };
  await expect(reading()).rejects.toThrow('Not 2.');
  expect(kept).toEqual([1]);
});

test('what was begun is over when the rest is not wanted, and what was read before the end is given', async () => {
  const said: string[] = [];
  for await (const { batch } of readAhead([1, 2, 3], reader(said), never)) if (batch === 1) break;
  expect(said).toEqual(['read 1', 'have 1', 'read 2', 'have 2']);

  const given: number[] = [];
  let isOver = false;
  for await (const { batch } of readAhead([1, 2, 3], reader([]), () => isOver)) {
    given.push(batch);
    isOver = true;
  }
  expect(given).toEqual([1, 2]);
});

test('nothing is nothing', async () => {
  for await (const batch of readAhead([], reader([]), never)) expect(batch).toBeUndefined();
  expect.assertions(0);
});
