/**
 * Milliseconds to wait after the n-th failure in a row (1 and up): the steps one after the other, then the last again
 * and again; 20 % more or less by chance (`chance` from 0 to 1), so that what failed together does not return together.
 */
export function backOff(steps: readonly number[], failures: number, chance: number): number {
  const step = steps[Math.min(failures, steps.length) - 1] ?? 0;
  return Math.round(step * (0.8 + 0.4 * chance));
}
