import { describe, expect, test } from 'vitest';
import { matchesFilter, sameAddress } from '../../functions/servers/from-filter.ts';
import { parseMailbox } from '../../functions/shared/address.ts';

/** The filter written as a comma list, the From as a header has it. */
function match(from: string, filter: string) {
  return matchesFilter(filter.split(','), parseMailbox(from)?.address ?? '(not one address)');
}

describe('as Odoo does', () => {
  test.each([
    ['admin@mail.example.com', 'mail.example.com', 'domain'],
    ['admin@mail.example.com', 'mail.EXAMPLE.com', 'domain'],
    ['admin@mail.example.com', 'admin@mail.example.com', 'address'],
    ['admin@mail.example.com', '', 'everything'],
    ['"fake@test.co" <ADMIN@mail.example.com>', 'test.co, mail.example.com, x.com', 'domain'],
    ['admin@mail.example.com', 'test@mail.example.com', undefined],
    ['admin@mail.example.com', 'mmail.example.com', undefined],
    ['admin@mmail.example.com', 'mail.example.com', undefined],
    ['"admin@mail.example.com" <fake@test.co>', 'mail.example.com', undefined],
  ])('%s against %j: %s', (from, filter, expected) => {
    expect(match(from, filter)).toBe(expected);
  });
});

describe('at the edges', () => {
  test.each([
    ['an address in another case', 'Admin@Mail.Example.COM', 'ADMIN@mail.example.com', 'address'],
    ['an address with spaces around it', 'a@co.com', '  a@co.com  ', 'address'],
    ['an address before its domain, in any order', 'a@co.com', 'co.com, a@co.com', 'address'],
    ['the last of several', 'a@co.com', 'x.com, b@co.com, co.com', 'domain'],
    ['blanks among entries', 'a@else.com', ' , co.com, ', undefined],
    ['nothing but blanks', 'a@else.com', ' , ', 'everything'],
    ['a subdomain of an entry', 'a@sub.co.com', 'co.com', undefined],
    ['the domain above an entry', 'a@co.com', 'sub.co.com', undefined],
    ['an entry that is an @ and a domain', 'a@co.com', '@co.com', undefined],
    ['an entry that is a local part', 'a@co.com', 'a', undefined],
  ])('%s', (_, from, filter, expected) => {
    expect(match(from, filter)).toBe(expected);
  });
});

describe('a wildcard', () => {
  test.each([
    ['a@sub.example.com', '*.example.com', 'domain'],
    ['a@deep.sub.example.com', '*.example.com', 'domain'],
    ['a@SUB.example.com', ' *.Example.COM ', 'domain'],
    ['a@sub.example.com', '*.example.com, a@sub.example.com', 'address'],
    ['a@sub.xn--bcher-kva.example', '*.bücher.example', 'domain'],
    ['a@example.com', '*.example.com', undefined],
    ['a@notexample.com', '*.example.com', undefined],
    ['a@example.com.evil.org', '*.example.com', undefined],
    ['a@example.com', '*', undefined],
    ['a@example.com', '*@example.com', undefined],
    ['a@example.com', '*.', undefined],
  ])('%s against %j: %s', (from, filter, expected) => {
    expect(match(from, filter)).toBe(expected);
  });
});

describe('a domain beyond ASCII', () => {
  test.each([
    ['u@bücher.example', 'xn--bcher-kva.example', 'domain'],
    ['u@xn--bcher-kva.example', 'BÜCHER.example', 'domain'],
    ['u@xn--bcher-kva.example', 'u@bücher.example', 'address'],
    ['u@bucher.example', 'bücher.example', undefined],
  ])('%s against %j: %s', (from, filter, expected) => {
    expect(match(from, filter)).toBe(expected);
  });
});

test('two addresses are the same whatever the case and the way the domain is written', () => {
  expect(sameAddress('U@bücher.example', 'u@XN--BCHER-KVA.example')).toBe(true);
  expect(sameAddress('u@co.com', 'v@co.com')).toBe(false);
});
