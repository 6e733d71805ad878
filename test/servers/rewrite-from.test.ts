import { describe, expect, test } from 'vitest';
import { chooseOutgoingServer, type Question } from '../../functions/servers/choose-outgoing-server.ts';
import { rewriteFrom } from '../../functions/servers/rewrite-from.ts';
import { parseMailbox, type Mailbox } from '../../functions/shared/address.ts';
import { server } from './outgoing-candidates.ts';

const domains = [{ domain: 'co.com', defaultFrom: 'notif', bounce: 'bounce' }];

/** What becomes of a From when there is one server with this filter. */
function rewrite(filter: string, from: string | undefined, differing: Partial<Question> = {}) {
  const parsed = from === undefined ? undefined : parseMailbox(from);
  const choice = chooseOutgoingServer({ from: parsed, servers: [server('S', filter)], domains, ...differing });
  if ('refused' in choice) throw new Error(choice.refused);
  return rewriteFrom({ from: parsed, choice });
}

function named(name: string, address: string): Mailbox {
  return { name, address };
}

describe('as Odoo does', () => {
  test.each([
    ['co.com', '"N" <u@co.com>', named('N', 'u@co.com'), 'bounce@co.com'],
    ['notif@co.com', '"N" <x@else.com>', named('N', 'notif@co.com'), 'notif@co.com'],
    ['notif@co.com', 'x@else.com', named('x', 'notif@co.com'), 'notif@co.com'],
    ['co.com', '"N" <x@else.com>', named('N', 'notif@co.com'), 'bounce@co.com'],
    ['random.domain', 'u@else.com', named('u', 'notif@co.com'), 'notif@co.com'],
  ])('filter %s, From %s', (filter, from, headerFrom, envelopeFrom) => {
    expect(rewrite(filter, from)).toMatchObject({ headerFrom, envelopeFrom });
  });

  test('a notifications address that no filter allows loses its display name', () => {
    const sent = rewrite('', '"My Co" <notif@co.com>');
    expect(sent.headerFrom).toEqual({ address: 'notif@co.com' });
    expect(sent.replyTo).toEqual(named('My Co', 'notif@co.com'));
    expect(rewrite('random.domain', '"My Co" <NOTIF@co.com>').headerFrom).toEqual({ address: 'notif@co.com' });
  });
});

describe('Reply-To', () => {
  test('is the author when the From was rewritten', () => {
    expect(rewrite('notif@co.com', '"N" <x@else.com>')).toMatchObject({
      rewritten: true,
      replyTo: named('N', 'x@else.com'),
    });
    expect(rewrite('notif@co.com', 'x@else.com')).toMatchObject({
      rewritten: true,
      replyTo: { address: 'x@else.com' },
    });
  });

  test('is left alone when it was not', () => {
    expect(rewrite('co.com', '"N" <u@co.com>')).toEqual({
      headerFrom: named('N', 'u@co.com'),
      envelopeFrom: 'bounce@co.com',
      rewritten: false,
    });
  });

  test('is left alone when there was no From', () => {
    expect(rewrite('notif@co.com', undefined)).toEqual({
      headerFrom: { address: 'notif@co.com' },
      envelopeFrom: 'notif@co.com',
      rewritten: false,
    });
  });
});

describe('the envelope', () => {
  const noBounce = [{ domain: 'co.com', defaultFrom: 'notif' }];
  const own = [...domains, { domain: 'b.com', defaultFrom: 'notif', bounce: 'returned@b.com' }];
  test.each([
    ['the bounce address under an empty filter', '', 'x@else.com', { domains }, 'bounce@co.com'],
    ['the bounce address the filter names', 'u@co.com, bounce@co.com', 'u@co.com', { domains }, 'bounce@co.com'],
    ['the mailbox itself where the filter is that mailbox', 'u@co.com', '"N" <u@co.com>', { domains }, 'u@co.com'],
    ['the sender where no bounce address is configured', 'co.com', 'u@co.com', { domains: noBounce }, 'u@co.com'],
    ['the stand-in where none is configured', '', 'x@else.com', { domains: noBounce }, 'notif@co.com'],
    ['the original where nothing is configured', '', '"N" <x@else.com>', { domains: [] }, 'x@else.com'],
    ["the bounce address of the From's own domain", 'co.com, b.com', 'u@b.com', { domains: own }, 'returned@b.com'],
    ['the sender as it was written', 'U@co.com', 'u@CO.com', { domains: noBounce }, 'u@CO.com'],
    ['in ASCII', 'u@bücher.example', 'u@bücher.example', { domains }, 'u@xn--bcher-kva.example'],
  ])('is %s', (_, filter, from, differing, expected) => {
    expect(rewrite(filter, from, differing).envelopeFrom).toBe(expected);
  });
});

describe('a forced server', () => {
  test('changes no header, whatever its filter', () => {
    expect(rewrite('random.domain', '"N" <x@else.com>', { forced: 'S' })).toEqual({
      headerFrom: named('N', 'x@else.com'),
      envelopeFrom: 'x@else.com',
      rewritten: false,
    });
  });

  test('takes returned mail at the bounce address where its filter allows that', () => {
    expect(rewrite('co.com', 'x@else.com', { forced: 'S' })).toMatchObject({
      headerFrom: { address: 'x@else.com' },
      envelopeFrom: 'bounce@co.com',
    });
  });
});

test('nothing is rewritten where there is no notifications address', () => {
  for (const filter of ['', 'random.domain'])
    expect(rewrite(filter, '"N" <x@else.com>', { domains: [] })).toEqual({
      headerFrom: named('N', 'x@else.com'),
      envelopeFrom: 'x@else.com',
      rewritten: false,
    });
});

test('an empty display name counts as none', () => {
  const from = { name: '', address: 'x@else.com' };
  const choice = chooseOutgoingServer({ from, servers: [server('S', 'notif@co.com')], domains });
  if ('refused' in choice) throw new Error(choice.refused);
  expect(rewriteFrom({ from, choice }).headerFrom).toEqual(named('x', 'notif@co.com'));
});
