import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSharedWord } from '../../functions/azure/shared-word.ts';

/** When each word was given and will be heard, in milliseconds. */
let words: { given: number; heard: number }[];
let start: number;
let give: (delaySeconds: number) => Promise<void>;
let word: () => Promise<void>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  words = [];
  start = performance.now();
  give = (delaySeconds) => {
    const given = performance.now() - start;
    words.push({ given, heard: given + delaySeconds * 1000 });
    return new Promise((resolve) => setTimeout(resolve, 5));
  };
  word = createSharedWord((delaySeconds) => give(delaySeconds));
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('a word now and then is heard at once', async () => {
  for (let n = 0; n < 4; n++) {
    void word();
    await pass(250);
  }
  expect(words).toEqual([0, 250, 500, 750].map((given) => ({ given, heard: given })));
});

test('a burst is a few words, and every part of it is followed by one', async () => {
  const asked: number[] = [];
  for (let n = 0; n < 1000; n++) {
    asked.push(performance.now() - start);
    void word();
    await pass(3);
  }
  // Three seconds: one at once every quarter, one held back every second.
  expect(words.length).toBeLessThanOrEqual(12 + 3);
  for (const at of asked) {
    const next = words.filter(({ heard }) => heard >= at).map(({ heard }) => heard - at);
    expect(Math.min(...next)).toBeLessThanOrEqual(1000);
  }
});

test('many at the same moment share what is held back, and wait until it is given', async () => {
  let done = 0;
  const all = Array.from({ length: 50 }, () => word().then(() => (done += 1)));
  await pass(4);
  expect(done).toBe(0);
  await pass(1);
  await Promise.all(all);
  expect(words).toEqual([
    { given: 0, heard: 0 },
    { given: 0, heard: 1000 },
  ]);
  // Heard by then: it covers nobody any more.
  await pass(995);
  void word();
  void word();
  expect(words.slice(2)).toEqual([
    { given: 1000, heard: 1000 },
    { given: 1000, heard: 2000 },
  ]);
});

test('a word that could not be given is nobody’s', async () => {
  const works = give;
  await Promise.all([word(), pass(5)]);
  give = () => Promise.reject(new Error('The queue is away.'));
  const failed = await Promise.allSettled([word(), word()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  give = works;
  const given = words.length;
  await Promise.all([word(), pass(5)]);
  expect(words).toHaveLength(given + 1);
});
