import { describe, expect, test } from 'vitest';
import { chooseOutgoingServer, type Question } from '../../functions/servers/choose-outgoing-server.ts';
import { formatMailbox, parseMailbox } from '../../functions/shared/address.ts';
import { inOrder, server } from './outgoing-candidates.ts';

function choose(question: Question) {
  const choice = chooseOutgoingServer(question);
  if ('refused' in choice) throw new Error(choice.refused);
  return choice;
}

function refusal(question: Question) {
  const choice = chooseOutgoingServer(question);
  return 'refused' in choice ? choice.refused : choice.rule;
}

function mailbox(text: string | undefined) {
  return text === undefined ? undefined : parseMailbox(text);
}

const u = server('U', 'specific_user@test.mycompany.com');
const d = server('D', 'test.mycompany.com');
const n = server('N', 'notifications@test.mycompany.com');
const z = server('Z', '');
const among = server('U', 'domain1.com, specific_user@test.mycompany.com, domain2.com');
const domains = [{ domain: 'test.mycompany.com', defaultFrom: 'notifications' }];
const notifications = 'notifications@test.mycompany.com';

describe('as Odoo does', () => {
  test.each([
    ['specific_user@test.mycompany.com', [u, d, n, z], 'U', 'specific_user@test.mycompany.com', 'from-address'],
    ['SPECIFIC_USER@test.MYCOMPANY.com', [u, d, n, z], 'U', 'SPECIFIC_USER@test.MYCOMPANY.com', 'from-address'],
    ['unknown@test.mycompany.com', [u, d, n, z], 'D', 'unknown@test.mycompany.com', 'from-domain'],
    ['"Test" <test@unknown.com>', [u, d, n, z], 'N', notifications, 'notifications-address'],
    [undefined, [u, d, n, z], 'N', notifications, 'notifications-address'],
    ['test@domain2.com', [among, d, n, z], 'U', 'test@domain2.com', 'from-domain'],
  ])('%s', (from, servers, expected, expectedFrom, rule) => {
    for (const ordered of [inOrder(servers), inOrder(servers.toReversed())]) {
      const choice = choose({ from: mailbox(from), servers: ordered, domains });
      expect(choice.server.id).toBe(expected);
      expect(formatMailbox(choice.from)).toBe(expectedFrom);
      expect(choice.rule).toBe(rule);
      expect(choice.notifications).toBe(notifications);
      expect(choice.mayBeRefused).toBe(false);
    }
  });
});

describe('each rule over all servers before the next', () => {
  const x = server('X', 'random.domain');
  const [address, domain] = [server('A', 'a@b.com'), server('B', 'b.com')];
  test.each([
    ['the full address', 'a@b.com', [x, z, d, n, domain, address], 'A', 'from-address'],
    ['its domain', 'a@b.com', [x, z, d, n, domain], 'B', 'from-domain'],
    ['its domain by a wildcard', 'a@sub.b.com', [x, z, d, n, server('W', '*.b.com')], 'W', 'from-domain'],
    ['the notifications address', 'a@b.com', [x, z, d, n], 'N', 'notifications-address'],
    ['the domain of the notifications address', 'a@b.com', [x, z, d], 'D', 'notifications-domain'],
    ['an empty filter', 'a@b.com', [x, z], 'Z', 'empty-filter'],
    ['the first of all', 'a@b.com', [x, u], 'X', 'any'],
    ['without a From, the notifications address', undefined, [x, z, d, n], 'N', 'notifications-address'],
    ['without a From, its domain', undefined, [x, z, d], 'D', 'notifications-domain'],
    ['without a From, an empty filter', undefined, [x, z], 'Z', 'empty-filter'],
    ['without a From, the first of all', undefined, [x, u], 'X', 'any'],
  ])('%s', (_, from, servers, expected, rule) => {
    expect(choose({ from: mailbox(from), servers: inOrder(servers), domains })).toMatchObject({
      server: { id: expected },
      rule,
    });
  });

  test('the From that stays keeps its display name; the notifications address comes without one', () => {
    const from = mailbox('"The Author" <a@b.com>');
    expect(choose({ from, servers: [server('1', 'b.com')], domains }).from).toEqual({
      name: 'The Author',
      address: 'a@b.com',
    });
    for (const servers of [[n], [d], [z], [u]])
      expect(choose({ from, servers, domains }).from).toEqual({ address: notifications });
  });
});

describe('the notifications address', () => {
  const two = [
    { domain: 'a.com', defaultFrom: 'notif' },
    { domain: 'b.com', defaultFrom: 'noreply@c.com' },
  ];
  test.each([
    ["of the From's own domain", 'u@b.com', undefined, 'noreply@c.com'],
    ["of the From's own domain in another case", 'u@B.com', undefined, 'noreply@c.com'],
    ['of the first domain for another', 'u@else.com', undefined, 'notif@a.com'],
    ['of the default domain for another', 'u@else.com', 'b.com', 'noreply@c.com'],
    ['of the first domain without a From', undefined, undefined, 'notif@a.com'],
  ])('%s', (_, from, defaultDomain, expected) => {
    const choice = choose({ from: mailbox(from), servers: [z], domains: two, defaultDomain });
    expect(choice.from).toEqual({ address: expected });
    expect(choice.notifications).toBe(expected);
  });
});

describe('without a notifications address', () => {
  const from = { name: 'A', address: 'a@b.com' };

  test('an empty filter keeps the original From', () => {
    expect(choose({ from, servers: [u, z], domains: [] })).toMatchObject({
      server: { id: 'Z' },
      from,
      rule: 'empty-filter',
      mayBeRefused: false,
    });
  });

  test('the first of all keeps the original From, which its filter does not allow', () => {
    const choice = choose({ from, servers: inOrder([u, d]), domains: [] });
    expect(choice).toMatchObject({ server: { id: 'U' }, from, rule: 'any', mayBeRefused: true });
    expect(choice.notifications).toBeUndefined();
    expect(choice.why).toBe(
      'No From filter allows a@b.com. This server is the first of all; it allows specific_user@test.mycompany.com.',
    );
  });

  test('a message without a From is refused', () => {
    expect(refusal({ servers: [u, z], domains: [] })).toBe('from-missing');
    expect(refusal({ servers: [u, z], domains: [], forced: 'U' })).toBe('from-missing');
  });
});

test('with a notifications address, the first of all may still be refused', () => {
  const choice = choose({ from: { address: 'a@b.com' }, servers: [u], domains });
  expect(choice).toMatchObject({ from: { address: notifications }, rule: 'any', mayBeRefused: true });
});

describe('the order', () => {
  const later = '2026-01-02T00:00:00.000Z';
  test.each([
    [
      'priority first, lower before higher',
      [server('a', 'b.com', { priority: 20 }), server('b', 'b.com', { createdAt: later })],
      'b',
    ],
    ['numbers, not digits', [server('a', 'b.com', { priority: 10 }), server('b', 'b.com', { priority: 9 })], 'b'],
    ['then age', [server('a', 'b.com', { createdAt: later }), server('b', 'b.com')], 'b'],
    ['then id', [server('b', 'b.com'), server('a', 'b.com')], 'a'],
    ['never before the rule', [server('a', 'b.com', { priority: 1 }), server('b', 'x@b.com', { priority: 99 })], 'b'],
  ])('%s', (_, servers, expected) => {
    const from = { address: 'x@b.com' };
    expect(choose({ from, servers, domains }).server.id).toBe(expected);
    expect(choose({ from, servers: servers.toReversed(), domains }).server.id).toBe(expected);
  });

  test('the list handed in stays as it was', () => {
    const servers = Object.freeze([server('b', ''), server('a', '')]);
    expect(choose({ from: { address: 'x@b.com' }, servers, domains }).server.id).toBe('a');
  });
});

describe('an inactive server', () => {
  const asleep = server('S', 'a@b.com', { active: false, priority: 1 });
  const from = { address: 'a@b.com' };

  test('is passed over by every rule', () => {
    const choice = choose({ from, servers: [asleep, z], domains });
    expect(choice.server.id).toBe('Z');
    expect(choice.passedOver).toEqual([{ id: 'S', name: 'S', why: 'It is not active.' }]);
  });

  test('alone, or no server at all: no choice', () => {
    expect(refusal({ from, servers: [asleep], domains })).toBe('no-active-server');
    expect(refusal({ from, servers: [], domains })).toBe('no-active-server');
  });

  test('cannot be forced', () => {
    expect(chooseOutgoingServer({ from, servers: [asleep, z], domains, forced: 'S' })).toEqual({
      refused: 'forced-inactive',
      why: 'The outgoing server "S" is not active.',
    });
  });
});

describe('a forced server', () => {
  test('is used as is: its filter is not consulted and the From stays', () => {
    const from = { name: 'A', address: 'a@b.com' };
    const choice = choose({ from, servers: [u, d, n, z, server('B', 'a@b.com')], domains, forced: 'U' });
    expect(choice).toMatchObject({ server: u, from, rule: 'forced', mayBeRefused: false });
    expect(choice.passedOver.map(({ id }) => id)).toEqual(['B', 'D', 'N', 'Z']);
  });

  test('without a From sends as the notifications address', () => {
    expect(choose({ servers: [u, n], domains, forced: 'U' }).from).toEqual({ address: notifications });
  });

  test('must exist', () => {
    expect(refusal({ from: { address: 'a@b.com' }, servers: [u], domains, forced: 'other' })).toBe('forced-unknown');
  });
});

describe('what is said', () => {
  const whys = (from: string | undefined, servers: Question['servers']) => {
    const choice = choose({ from: mailbox(from), servers, domains });
    return [choice.why, ...choice.passedOver.map(({ id, why }) => `${id}: ${why}`)];
  };

  test('of a full address', () => {
    const from = 'specific_user@test.mycompany.com';
    expect(whys(from, [d, n, u, z, server('V', from), server('X', 'x.org')])).toEqual([
      `Its From filter names ${from}.`,
      `D: Its From filter allows the domain of ${from}, but that of "U" names ${from}.`,
      `N: Its From filter names the notifications address ${notifications}, but that of "U" names ${from}.`,
      `V: Its From filter names ${from}; "U" comes first.`,
      `X: Its From filter does not allow ${from} or ${notifications}.`,
      `Z: Its From filter is empty, but that of "U" names ${from}.`,
    ]);
  });

  test('of the notifications address', () => {
    expect(whys('a@b.com', [d, n])).toEqual([
      `No From filter allows a@b.com. This one names the notifications address ${notifications}.`,
      `D: Its From filter allows the domain of the notifications address ${notifications}, but that of "N" names the notifications address ${notifications}.`,
    ]);
  });

  test('of no From', () => {
    expect(whys(undefined, [d, server('X', 'x.org')])).toEqual([
      `The message has no From. This one allows the domain of the notifications address ${notifications}.`,
      `X: Its From filter does not allow ${notifications}.`,
    ]);
  });

  test('of an empty filter', () => {
    expect(whys('a@b.com', [z, server('X', 'x.org')])).toEqual([
      `No From filter allows a@b.com or ${notifications}. This one is empty and allows everything.`,
      `X: Its From filter does not allow a@b.com or ${notifications}.`,
    ]);
  });

  test('of the notifications address itself, named once', () => {
    expect(whys(notifications, [server('X', 'x.org, y.org'), server('Y', 'y.org')])).toEqual([
      `No From filter allows ${notifications}. This server is the first of all; it allows x.org, y.org.`,
      `Y: Its From filter does not allow ${notifications}; "X" comes first.`,
    ]);
  });
});
