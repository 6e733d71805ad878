import { afterAll } from 'vitest';

const ends: (() => unknown)[] = [];

// While the file is collected: vitest never runs a hook that another hook or a test adds.
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Has something ended after the tests of the file, the last that was begun first; hooks and tests can ask for it, too. */
export function afterFile(end: () => unknown): void {
  ends.push(end);
}
