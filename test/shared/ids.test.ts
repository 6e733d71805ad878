import { expect, test } from 'vitest';
import { hashKey, keyOf, newestFirst, newId, ownerKeyOf, randomKey, recordId } from '../../functions/shared/ids.ts';

const key = /^[0-9a-hjkmnp-tv-z]{10}$/;

test('keys are ten characters that no table, blob or URL minds, and are not guessed twice', () => {
  const keys = Array.from({ length: 5000 }, randomKey);
  expect(keys.every((one) => key.test(one))).toBe(true);
  expect(new Set(keys).size).toBe(5000);
  // Every character of the alphabet turns up everywhere: 50 bits are 50 bits.
  for (let place = 0; place < 10; place++) expect(new Set(keys.map((one) => one[place])).size).toBe(32);
  expect(hashKey('a')).toMatch(key);
  expect(hashKey('a')).toBe(hashKey('a'));
  expect(hashKey('a')).not.toBe(hashKey('b'));
});

test('the text of a newer time comes first', () => {
  const times = [
    '2026-11-22T12:00:00.000Z',
    '2026-11-22T12:00:00.001Z',
    '2027-01-01T00:00:00Z',
    '9999-12-31T00:00:00Z',
  ];
  const texts = times.map((time) => newestFirst(new Date(time)));
  expect(texts.every((text) => key.test(text))).toBe(true);
  expect(texts.toSorted()).toEqual(texts.toReversed());
});

test('times before 1970 are older than all others', () => {
  const first = newestFirst(new Date(0));
  expect(newestFirst(new Date('0001-01-01T00:00:00Z'))).toBe(first);
  expect(newestFirst(new Date(1)) < first).toBe(true);
});

test('the id of a record names its owner, and nothing else is taken for one', () => {
  const owner = newId('out');
  const id = recordId('msg', owner, new Date(), randomKey());
  expect(ownerKeyOf(id, 'msg')).toBe(keyOf(owner));
  expect(ownerKeyOf(id, 'rcv')).toBeUndefined();
  for (const other of [id.toUpperCase(), `${id}0`, id.slice(1), id.replace('_', '-'), owner, `${id}\n`, 'msg_'])
    expect(ownerKeyOf(other, 'msg')).toBeUndefined();
});

test('records made later have smaller ids within their owner', () => {
  const owner = newId('out');
  const made = Array.from({ length: 50 }, (_, n) =>
    recordId('msg', owner, new Date(1_800_000_000_000 + n), randomKey()),
  );
  expect(made.toSorted()).toEqual(made.toReversed());
});
