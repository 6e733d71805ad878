import { expect, test } from 'vitest';
import { createAddressGuard } from '../../functions/web/address-guard.ts';

const closed = createAddressGuard([]);

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:7f00:1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::a00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '2002:a9fe:a9fe::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
])('%s is not reached', (address) => {
  expect(closed.mayReach(address, false)).toBe(false);
  expect(closed.mayReach(address, true)).toBe(false);
});

test.each(['1.1.1.1', '20.50.2.1', '172.32.0.1', '192.169.0.1', '2606:4700:4700::1111', '2a01:111:f400::1'])(
  '%s is reached over https only',
  (address) => {
    expect(closed.mayReach(address, false)).toBe(true);
    expect(closed.mayReach(address, true)).toBe(false);
  },
);

test('a network that is allowed is reached over http too, and nothing beside it', () => {
  const guard = createAddressGuard(['10.1.0.0/16', 'fd00::/64']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::5']) {
    expect(guard.mayReach(address, true)).toBe(true);
    expect(guard.mayReach(address, false)).toBe(true);
  }
  for (const address of ['10.2.0.1', '127.0.0.1', 'fd00:0:0:1::5', '169.254.169.254']) {
    expect(guard.mayReach(address, true)).toBe(false);
    expect(guard.mayReach(address, false)).toBe(false);
  }
});

/** Ways to write an address that a list of forbidden texts would miss; what is judged is what the URL makes of them. */
test.each([
  'http://2130706433/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://017700000001/',
  'https://0177.0.0.1/',
  'https://0x7f.0.0.1/',
  'https://127.1/',
  'https://0/',
  'https://0.0.0.0/',
  'https://127.0.0.1./',
  'https://127。0。0。1/',
  'https://①②⑦.0.0.1/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://169.254.43518/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[0:0:0:0:0:ffff:7f00:1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::7f00:1]/',
])('%s is refused before anything is connected to', (url) => {
  const { hostname, protocol } = new URL(url);
  const demand = (): void => {
    closed.demandHost(hostname, protocol === 'http:');
  };
  expect(demand).toThrow(expect.objectContaining({ code: 'destination-forbidden' }));
});

test('names are not judged by their letters: they are when they are looked up', () => {
  for (const name of ['localhost', '10.example.com', 'metadata.google.internal']) {
    expect(() => {
      closed.demandHost(name, true);
    }).not.toThrow();
  }
});

const inside = createAddressGuard(['10.1.0.0/16', '127.0.0.0/8']);
const isPrivate = 'must be a public address, or one in the networks of WEBHOOK_PRIVATE_NETWORKS';
const isPlain = 'must be https: plain http is taken in the networks of WEBHOOK_PRIVATE_NETWORKS only';
test.each([
  ['https://receiver.example/hook', undefined, undefined],
  ['http://receiver.example/hook', isPlain, undefined],
  ['https://1.1.1.1', undefined, undefined],
  ['http://1.1.1.1', isPlain, isPlain],
  ['https://10.1.2.3', isPrivate, undefined],
  ['http://10.1.2.3', isPrivate, undefined],
  ['https://10.2.0.1', isPrivate, isPrivate],
  ['http://[::1]:8080', isPrivate, isPrivate],
  ['http://localhost:7071', isPrivate, undefined],
  ['https://LOCALHOST', isPrivate, undefined],
  ['https://api.localhost', isPrivate, undefined],
  ['https://localhost.example', undefined, undefined],
  ['https://2130706433', isPrivate, undefined],
])('%s: with no network allowed %s, with some %s', (url, withNone, withSome) => {
  expect(closed.whyNot(new URL(url))).toBe(withNone);
  expect(inside.whyNot(new URL(url))).toBe(withSome);
});
