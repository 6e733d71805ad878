import { expect, test } from 'vitest';
import { createRoom } from '../../functions/shared/room.ts';

/** Work of so many octets that ends when it is told to. */
function begin(room: ReturnType<typeof createRoom>, octets: number, under: number[]) {
  const end = Promise.withResolvers<undefined>();
  const done = room.within(octets, async () => {
    under.push(octets);
    await end.promise;
  });
  return {
    end: () => {
      end.resolve(undefined);
    },
    fail: (error: Error) => {
      end.reject(error);
    },
    done,
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('work begins while there is room, and in the order it came', async () => {
  const room = createRoom(10);
  const under: number[] = [];
  const six = begin(room, 6, under);
  const four = begin(room, 4, under);
  const five = begin(room, 5, under);
  const one = begin(room, 1, under);
  await settle();
  expect(under).toEqual([6, 4]);
  four.end();
  await settle();
  expect(under).toEqual([6, 4]);
  six.end();
  await settle();
  expect(under).toEqual([6, 4, 5, 1]);
  five.end();
  one.end();
  await Promise.all([six.done, four.done, five.done, one.done]);
});

test('what is larger than the room is done alone, and not for ever kept out', async () => {
  const room = createRoom(10);
  const under: number[] = [];
  const small = begin(room, 1, under);
  const huge = begin(room, 1000, under);
  await settle();
  expect(under).toEqual([1]);
  small.end();
  await settle();
  expect(under).toEqual([1, 1000]);
  const after = begin(room, 1, under);
  await settle();
  expect(under).toEqual([1, 1000]);
  huge.end();
  after.end();
  await Promise.all([huge.done, after.done]);
  expect(under).toEqual([1, 1000, 1]);
});

test('work that fails gives its room back', async () => {
  const room = createRoom(10);
  const failing = begin(room, 10, []);
  failing.fail(new Error('no'));
  await expect(failing.done).rejects.toThrow('no');
  expect(await room.within(10, () => Promise.resolve('done'))).toBe('done');
});
