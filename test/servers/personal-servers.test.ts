import { describe, expect, test } from 'vitest';
import { chooseOutgoingServer, type Question } from '../../functions/servers/choose-outgoing-server.ts';
import { nearestServer } from '../../functions/servers/nearest-server.ts';
import { inOrder, server } from './outgoing-candidates.ts';

const alices = server('P', 'alice@a.com', { owner: 'alice@a.com' });
const shared = server('D', 'a.com');
const notifications = server('N', 'notif@a.com');
const domains = [{ domain: 'a.com', defaultFrom: 'notif' }];

function outcome(from: string | undefined, question: Partial<Question> & Pick<Question, 'servers'>) {
  const choice = chooseOutgoingServer({
    domains,
    from: from === undefined ? undefined : { address: from },
    ...question,
  });
  return 'refused' in choice ? choice.refused : `${choice.server.id} ${choice.rule}`;
}

describe('a personal server', () => {
  test.each([
    ['its owner', 'alice@a.com', [alices, shared], 'P from-address'],
    ['its owner in another case', 'ALICE@A.com', [alices, shared], 'P from-address'],
    ['not for somebody else, whatever its priority', 'bob@a.com', [alices, shared], 'D from-domain'],
    [
      'not as notifications server',
      'x@else.com',
      [server('Q', 'notif@a.com', { owner: 'notif@a.com' }), shared],
      'D notifications-domain',
    ],
    [
      'not with an empty filter',
      'x@else.com',
      [server('Q', '', { owner: 'alice@a.com' }), notifications],
      'N notifications-address',
    ],
    ['not as the first of all', 'x@else.com', [alices, server('R', 'random.org')], 'R any'],
    ['not without a From', undefined, [alices, notifications], 'N notifications-address'],
    ['alone it is no choice', 'bob@a.com', [alices], 'only-personal'],
    [
      'not where its filter does not allow the owner',
      'alice@a.com',
      [server('Q', 'b.com', { owner: 'alice@a.com' }), shared],
      'D from-domain',
    ],
  ])('%s', (_, from, servers, expected) => {
    expect(outcome(from, { servers: inOrder(servers) })).toBe(expected);
  });

  test('is forced for its owner only', () => {
    expect(outcome('alice@a.com', { servers: [alices, shared], forced: 'P' })).toBe('P forced');
    expect(outcome('bob@a.com', { servers: [alices, shared], forced: 'P' })).toBe('forced-personal');
    expect(outcome(undefined, { servers: [alices, shared], forced: 'P' })).toBe('forced-personal');
  });

  test('says why it was passed over', () => {
    const choice = chooseOutgoingServer({ domains, from: { address: 'bob@a.com' }, servers: [alices, shared] });
    expect('passedOver' in choice && choice.passedOver).toEqual([
      { id: 'P', name: 'P', why: 'It is the personal server of alice@a.com, and for mail from there alone.' },
    ]);
  });
});

test('a forced server passes over the others, and says so', () => {
  const choice = chooseOutgoingServer({
    domains,
    from: { address: 'bob@a.com' },
    servers: [shared, notifications],
    forced: 'N',
  });
  expect('passedOver' in choice && choice.passedOver).toEqual([{ id: 'D', name: 'D', why: 'The message names "N".' }]);
});

describe('the nearest server', () => {
  const [other, same, sub] = [server('A', 'x@other.org'), server('B', 'alice@a.com'), server('C', '*.mail.a.com')];
  test.each([
    ['one of the same domain', 'bob@a.com', [other, sub, same], 'B'],
    ['one of a domain around it', 'bob@deep.mail.a.com', [other, same, sub], 'B'],
    ['the first of all', 'bob@else.com', [other, same], 'A'],
    ['none that is not active', 'bob@a.com', [other, server('I', 'a.com', { active: false })], 'A'],
    ['none that is personal', 'bob@a.com', [alices, other], 'A'],
  ])('is %s', (_, from, servers, expected) => {
    expect(nearestServer(from, inOrder(servers))?.id).toBe(expected);
  });
});
