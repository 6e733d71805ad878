import { describe, expect, test } from 'vitest';
import { accounted, freeAt, take, unused, usageOf, type Pace } from '../../functions/messages/pace.ts';
import { exchangeLimits } from '../../functions/servers/sending-limits.ts';
import type { Lane } from '../../functions/shared/records.ts';

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const second = 1000;
const hour = 3_600_000;

function wantedOf(count: number, lane: Lane = 'normal', recipients = 1) {
  return Array.from({ length: count }, () => ({ lane, recipients }));
}

function ask(
  pace: Pace,
  now: number,
  wanted = wantedOf(10),
  more: { server?: string; limits?: typeof exchangeLimits } = {},
) {
  return take(pace, { server: 'out_a', limits: exchangeLimits, used: undefined, wanted, ...more }, now);
}

/** A mailbox that has used all of these. */
function after(now: number, messages: number, recipients = messages): Pace {
  const { pace } = ask(unused, now, wantedOf(messages, 'normal', recipients / messages));
  return accounted(pace, 'out_a', { messages, recipients }, now);
}

test('no span of 60 seconds has more than the limit, however the asking goes', () => {
  let pace = unused;
  const sent: number[] = [];
  for (let now = noon, step = 1; now < noon + 300 * second; now += step = (step * 7919) % 1511) {
    const { granted, pace: taken } = ask(pace, now, wantedOf(7));
    const used = Math.min(granted, step % 8);
    for (let n = 0; n < used; n++) sent.push(now);
    pace = accounted(taken, 'out_a', { messages: used, recipients: used }, now);
  }
  expect(sent.length).toBeGreaterThan(120);
  for (const from of sent)
    expect(sent.filter((at) => at >= from && at < from + 60 * second).length).toBeLessThanOrEqual(30);
});

test('what a sender took and never accounted for counts as used at the last moment it could be', () => {
  const crashed = ask(unused, noon, wantedOf(30)).pace;
  for (const later of [1, 30, 89]) expect(ask(crashed, noon + later * second).granted).toBe(0);
  expect(ask(crashed, noon + 92 * second).granted).toBe(10);
  // Another server of the mailbox gets the connection when the sender has been silent for long.
  const other = (later: number) => ask(crashed, noon + later * second, wantedOf(1), { server: 'out_b' });
  expect(other(119).wait?.reason).toBe('connections');
  expect(other(121).granted).toBe(1);
});

test('what was not used is given back', () => {
  const { pace } = ask(unused, noon, wantedOf(30));
  expect(usageOf(pace, noon)).toEqual({ messages: 30, recipients: 30 });
  const left = accounted(pace, 'out_a', { messages: 2, recipients: 5 }, noon + second);
  expect(usageOf(left, noon + second)).toEqual({ messages: 2, recipients: 5 });
  expect(usageOf(left, noon + 62 * second)).toEqual({ messages: 0, recipients: 5 });
  expect(usageOf(left, noon + 25 * hour)).toEqual({ messages: 0, recipients: 0 });
});

test('bulk leaves a tenth to the others', () => {
  const { granted, wait } = ask(unused, noon, wantedOf(30, 'bulk'));
  expect(granted).toBe(27);
  expect(wait).toEqual({ reason: 'minute', until: noon });
  const used = after(noon, 27);
  expect(ask(used, noon, wantedOf(1, 'bulk')).granted).toBe(0);
  expect(ask(used, noon, wantedOf(5, 'normal')).granted).toBe(3);
});

describe('when to come back', () => {
  test('for one urgent message as soon as there is a slot, else when there is room for more', () => {
    const first = after(noon, 10);
    const pace = accounted(
      ask(first, noon + 10 * second, wantedOf(20)).pace,
      'out_a',
      { messages: 20, recipients: 20 },
      noon + 10 * second,
    );
    const now = noon + 20 * second;
    expect(ask(pace, now, wantedOf(1, 'high')).wait).toEqual({ reason: 'minute', until: noon + 61 * second });
    expect(ask(pace, now, wantedOf(15)).wait).toEqual({ reason: 'minute', until: noon + 71 * second });
    expect(freeAt(pace, 'messages', 1, 31, now)).toBe(now);
  });

  test('when the hour in which too many were sent is a day ago', () => {
    const limits = { ...exchangeLimits, recipientsPerDay: 100 };
    const pace = after(noon, 1, 90);
    const { granted, wait } = ask(pace, noon + 2 * hour, wantedOf(1, 'normal', 20), { limits });
    expect(granted).toBe(0);
    expect(wait).toEqual({ reason: 'day', until: noon + 25 * hour });
    expect(ask(pace, noon + 2 * hour, wantedOf(1, 'normal', 10), { limits }).granted).toBe(1);
    expect(ask(pace, noon + 25 * hour, wantedOf(1, 'normal', 20), { limits }).granted).toBe(1);
  });
});

test('a message to more than a day’s recipients goes alone, for it would never go otherwise', () => {
  const limits = { ...exchangeLimits, recipientsPerDay: 100 };
  expect(ask(unused, noon, wantedOf(2, 'normal', 200), { limits }).granted).toBe(1);
});

test('two servers of a mailbox take turns over its one connection, and share its minute', () => {
  const mine = ask(unused, noon);
  expect(mine.granted).toBe(10);
  const other = ask(mine.pace, noon, wantedOf(10), { server: 'out_b' });
  expect(other).toMatchObject({ granted: 0, wait: { reason: 'connections' } });
  const used = { messages: 10, recipients: 10 };
  const again = take(
    other.pace,
    { server: 'out_a', limits: exchangeLimits, used, wanted: wantedOf(10) },
    noon + second,
  );
  expect(again).toMatchObject({ granted: 0, wait: { reason: 'turn' }, woken: ['out_b'] });
  const turn = ask(again.pace, noon + second, wantedOf(30), { server: 'out_b' });
  expect(turn.granted).toBe(20);
  const limits = { ...exchangeLimits, connections: 2 };
  expect(ask(mine.pace, noon, wantedOf(30), { server: 'out_b', limits }).granted).toBe(20);
});

test('a throttled mailbox has no slots', () => {
  const notBefore = new Date(noon + hour).toISOString();
  expect(ask({ ...unused, notBefore }, noon)).toMatchObject({
    granted: 0,
    wait: { reason: 'throttled', until: noon + hour },
  });
  expect(ask({ ...unused, notBefore }, noon + hour).granted).toBe(10);
});
