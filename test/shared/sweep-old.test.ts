import { beforeEach, expect, test } from 'vitest';
import type { Records } from '../../functions/shared/records.ts';
import { keptSince, sweepOld, type Swept } from '../../functions/shared/sweep-old.ts';
import { mailCall } from '../mail/mail-call.ts';

const owner = 'out_aaaaaaaaaa';
/** What there is, newest first; each is its own cursor. */
let all: string[];
let states: Map<string, Swept>;
let asked: number;

beforeEach(() => {
  all = Array.from({ length: 25_000 }, (_, n) => String(n).padStart(5, '0'));
  states = new Map();
  asked = 0;
});

const records = {
  list({ cursor = '', limit }: { cursor?: string | undefined; limit: number }) {
    asked += 1;
    const found = all.filter((each) => each > cursor);
    const data = found.slice(0, limit);
    return Promise.resolve({ data, nextCursor: found.length > limit ? (data.at(-1) ?? null) : null });
  },
} as unknown as Records<string>;
const swept = {
  get: (id: string) => Promise.resolve(states.get(id)),
  list: () => Promise.resolve(states),
  put: (id: string, state: Swept) => Promise.resolve(void states.set(id, state)),
};

/** A turn that forgets all but what is held. */
async function turn(isHeld: (each: string) => boolean, signal = new AbortController().signal): Promise<string[]> {
  const seen: string[] = [];
  await sweepOld({ ...mailCall(), signal }, owner, 'now', { records, swept }, (some) => {
    seen.push(...some);
    const gone = new Set(some.filter((each) => !isHeld(each)));
    all = all.filter((each) => !gone.has(each));
    return Promise.resolve();
  });
  return seen;
}

test('however much is held, what lies behind it is forgotten in the end', async () => {
  const isHeld = (each: string) => each < '24000';
  expect(await turn(isHeld)).toHaveLength(10_000);
  expect(states.get(owner)).toEqual({ cursor: '09999' });
  await turn(isHeld);
  expect(all).toHaveLength(25_000);
  await turn(isHeld);
  expect(all).toHaveLength(24_000);
  // At the end it begins anew.
  expect(states.get(owner)).toEqual({});
  expect((await turn(isHeld))[0]).toBe('00000');
});

test('when the time is over it stops behind what it has done, and goes on there', async () => {
  const abort = new AbortController();
  const seen = await turn(() => {
    abort.abort();
    return true;
  }, abort.signal);
  expect(seen).toHaveLength(100);
  expect((await turn(() => true))[0]).toBe('00100');
});

test('a turn that dies is done again', async () => {
  states.set(owner, { cursor: '00499' });
  await expect(
    sweepOld(mailCall(), owner, 'now', { records, swept }, () => Promise.reject(new Error('Killed.'))),
  ).rejects.toThrow('Killed.');
  expect(states.get(owner)).toEqual({ cursor: '00499' });
  expect((await turn(() => true))[0]).toBe('00500');
});

test('where there is nothing old one request says so', async () => {
  all = [];
  await turn(() => false);
  expect(asked).toBe(1);
  expect(states.size).toBe(0);
});

test('days are counted from now, and an hour more', () => {
  expect(keptSince(new Date('2026-11-22T12:00:00.000Z'), 30)).toBe('2026-10-23T11:00:00.000Z');
});
