import { expect, test } from 'vitest';
import { inBatches } from '../../functions/shared/batches.ts';

const batchesOf = (octets: readonly number[], count = 1) => [
  ...inBatches(octets, { count: 4, octets: 10 }, (each) => ({ count, octets: each })),
];

test('a batch ends where the next thing would be too much, in number or in octets', () => {
  expect(batchesOf([1, 1, 1, 1, 1])).toEqual([[1, 1, 1, 1], [1]]);
  expect(batchesOf([4, 6, 1])).toEqual([[4, 6], [1]]);
  expect(batchesOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
});

test('what is larger than a batch makes one by itself, and nothing makes none', () => {
  expect(batchesOf([1, 11, 1])).toEqual([[1], [11], [1]]);
  expect(batchesOf([1, 2], 5)).toEqual([[1], [2]]);
  expect(batchesOf([])).toEqual([]);
});
