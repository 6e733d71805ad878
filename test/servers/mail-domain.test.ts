import { describe, expect, test } from 'vitest';
import {
  asciiDomain,
  bounceAddress,
  catchallAddress,
  domainInCharge,
  notificationsAddress,
} from '../../functions/servers/mail-domain.ts';

test('a local part is joined to its domain', () => {
  const domain = { domain: 'co.com', defaultFrom: 'notif', bounce: 'bounce', catchall: 'catchall' };
  expect(notificationsAddress(domain)).toBe('notif@co.com');
  expect(bounceAddress(domain)).toBe('bounce@co.com');
  expect(catchallAddress(domain)).toBe('catchall@co.com');
});

test('a full address stays as it is, whatever its domain', () => {
  const domain = { domain: 'co.com', defaultFrom: 'n@a.org', bounce: 'b@a.org', catchall: 'c@a.org' };
  expect(notificationsAddress(domain)).toBe('n@a.org');
  expect(bounceAddress(domain)).toBe('b@a.org');
  expect(catchallAddress(domain)).toBe('c@a.org');
});

test('bounce and catchall may be missing', () => {
  expect(bounceAddress({ domain: 'co.com', defaultFrom: 'notif' })).toBeUndefined();
  expect(catchallAddress({ domain: 'co.com', defaultFrom: 'notif' })).toBeUndefined();
});

test('the envelope carries a domain in ASCII', () => {
  expect(asciiDomain('bücher.example')).toBe('xn--bcher-kva.example');
  expect(asciiDomain('Mail.Example.com')).toBe('Mail.Example.com');
});

describe('which domain is in charge of a From', () => {
  const [first, second, third] = ['a.com', 'bücher.example', 'c.com'].map((domain) => ({
    domain,
    defaultFrom: 'notif',
  }));
  const domains = [first, second, third].filter((domain) => domain !== undefined);

  test.each([
    ['its own', 'u@c.com', undefined, third],
    ['its own, before the default', 'u@c.com', 'a.com', third],
    ['its own, in any case', 'u@C.COM', undefined, third],
    ['its own, written as xn--', 'u@xn--bcher-kva.example', undefined, second],
    ['not the one above its own', 'u@sub.c.com', undefined, first],
    ['the default for another', 'u@else.com', 'c.com', third],
    ['the first without a default', 'u@else.com', undefined, first],
    ['the first when the default is not configured', 'u@else.com', 'gone.com', first],
    ['the default without a From', undefined, 'c.com', third],
    ['the first without either', undefined, undefined, first],
  ])('%s', (_, from, defaultDomain, expected) => {
    expect(domainInCharge(from, domains, defaultDomain)).toBe(expected);
  });

  test('none where none is configured', () => {
    expect(domainInCharge('u@a.com', [], 'a.com')).toBeUndefined();
  });
});
