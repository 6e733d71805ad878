import { describe, expect, it } from 'vitest';
import { newPriorities } from '../../console/src/screens/outgoing-servers/new-priorities.ts';

/** Servers a, b, c... with these priorities, in the order in which they are wished. */
const order = (...priorities: [string, number][]) => priorities.map(([id, priority]) => ({ id, priority }));

describe('new priorities', () => {
  it.each([
    ['between two', order(['a', 10], ['c', 30], ['b', 20]), 'c', [{ id: 'c', priority: 15 }]],
    ['before the first', order(['b', 20], ['a', 10]), 'b', [{ id: 'b', priority: 0 }]],
    ['behind the last', order(['b', 20], ['a', 10]), 'a', [{ id: 'a', priority: 30 }]],
  ])('change one server where there is room: %s', (_where, wished, moved, changes) => {
    expect(newPriorities(wished, moved)).toEqual(changes);
  });

  it.each([
    ['equals', order(['a', 10], ['c', 10], ['b', 10]), 'c'],
    ['neighbours', order(['a', 10], ['c', 12], ['b', 11]), 'c'],
    ['nothing below 0', order(['b', 3], ['a', 0]), 'b'],
  ])('are numbered anew where there is none: %s', (_why, wished, moved) => {
    const changed = new Map(newPriorities(wished, moved).map(({ id, priority }) => [id, priority]));
    const priorities = wished.map(({ id, priority }) => changed.get(id) ?? priority);
    expect(priorities).toEqual(wished.map((_server, place) => (place + 1) * 10));
  });
});
