import { expect, test } from 'vitest';
import { backOff } from '../../functions/shared/back-off.ts';

const steps = [1000, 5000, 60_000];

test('waits step after step, then the last again and again', () => {
  const waits = [1, 2, 3, 4, 100].map((failures) => backOff(steps, failures, 0.5));
  expect(waits).toEqual([1000, 5000, 60_000, 60_000, 60_000]);
});

test('chance makes it 20 % more or less', () => {
  expect(backOff(steps, 1, 0)).toBe(800);
  expect(backOff(steps, 1, 1)).toBe(1200);
});
