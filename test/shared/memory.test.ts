import { expect, test } from 'vitest';
import { createMemory } from '../../functions/shared/memory.ts';

test('the oldest make room for the newest, and what is noted again is the newest', () => {
  const memory = createMemory<string>(10);
  memory.note('a', 'first', 4);
  memory.note('b', 'second', 4);
  memory.note('a', 'first again', 5);
  expect([memory.get('a'), memory.get('b')]).toEqual(['first again', 'second']);
  memory.note('c', 'third', 2);
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual(['first again', undefined, 'third']);
});

test('what is larger than the whole memory is not remembered', () => {
  const memory = createMemory<string>(10);
  memory.note('a', 'large', 11);
  expect(memory.get('a')).toBeUndefined();
  memory.note('b', 'small', 10);
  expect(memory.get('b')).toBe('small');
});
