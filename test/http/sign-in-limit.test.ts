import { describe, expect, it } from 'vitest';
import { clientAddressOf, createSignInLimit } from '../../functions/http/sign-in-limit.ts';
import { GatewayError } from '../../functions/shared/errors.ts';

const started = Date.parse('2026-11-23T08:00:00Z');
const at = (seconds: number): Date => new Date(started + seconds * 1000);

/** The seconds to wait, 0 when there is no need to. */
function waitOf(limit: ReturnType<typeof createSignInLimit>, address: string, now: Date): number | undefined {
  try {
    limit.demand(address, now);
    return 0;
  } catch (thrown) {
    return thrown instanceof GatewayError ? thrown.data.retryAfter : undefined;
  }
}

describe('failed sign-ins', () => {
  it('hold up their address for five minutes after the tenth, and no other', () => {
    const limit = createSignInLimit();
    for (let count = 0; count < 10; count += 1) {
      expect(waitOf(limit, 'one', at(count))).toBe(0);
      limit.failed('one', at(count));
    }
    expect(waitOf(limit, 'one', at(60))).toBe(240);
    expect(waitOf(limit, 'other', at(60))).toBe(0);
    expect(waitOf(limit, 'one', at(300))).toBe(0);
    limit.failed('one', at(300));
    expect(waitOf(limit, 'one', at(300))).toBe(0);
  });

  it('hold up everybody when they are 300 in all', () => {
    const limit = createSignInLimit();
    for (let count = 0; count < 300; count += 1) limit.failed(`address ${count}`, at(1));
    expect(waitOf(limit, 'nobody yet', at(2))).toBe(299);
    expect(waitOf(limit, 'nobody yet', at(301))).toBe(0);
  });

  it('of a thousand addresses are remembered, the latest', () => {
    const limit = createSignInLimit();
    const fail = (address: string, time: Date): void => {
      for (let count = 0; count < 10; count += 1) limit.failed(address, time);
    };
    fail('first', at(0));
    for (let count = 0; count < 999; count += 1) limit.failed(`address ${count}`, at(1));
    limit.failed('last', at(2));
    // Forgotten, and only the limit for all is left.
    expect(waitOf(limit, 'first', at(301))).toBe(0);
    fail('later', at(302));
    expect(waitOf(limit, 'later', at(303))).toBe(299);
  });
});

describe('who asks', () => {
  it.each([
    ['203.0.113.7:51234', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    ['10.0.0.1, 192.0.2.1, 203.0.113.7:1', '203.0.113.7'],
    ['[2001:db8:1:2ff::1]:443', '2001:db8:1:200::'],
    ['2001:db8:1:2ee:ffff::9', '2001:db8:1:200::'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, nonsense', 'unknown'],
    ['', 'unknown'],
    [undefined, 'unknown'],
  ])('%s is %s', (header, address) => {
    expect(clientAddressOf(header)).toBe(address);
  });
});
