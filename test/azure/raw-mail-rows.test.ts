import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { smallMail } from '../../functions/shared/raw-mail.ts';
import { storageForTest } from '../support/storage-for-test.ts';

const storage = storageForTest();

test('small mail is kept octet by octet in rows, many with one request, the rest in blobs', async () => {
  const table = storage.newTable();
  let changes = 0;
  const mail = storage.receivedMail({
    ...table,
    change(actions) {
      changes++;
      return table.change(actions);
    },
  });
  const sizes = [0, 1, 20_000, 61_440, 61_441, smallMail, ...Array.from({ length: 120 }, (_, index) => index + 5)];
  const mails = sizes.map((size, index) => ({
    name: `received/inc_1/folder/7/${index}.row`,
    content: randomBytes(size),
  }));
  const other = { name: 'received/inc_2/folder/7/1.row', content: Buffer.from('of another server') };
  await mail.putSmall([...mails, other]);
  expect(changes).toBe(3);
  const large = { name: 'received/inc_1/folder/7/1.eml', content: randomBytes(smallMail + 1) };
  await mail.put(large.name, large.content);

  for (const { name, content } of [...mails, other, large]) {
    const stream = await mail.get(name);
    expect(stream && (await buffer(stream)).equals(content), name).toBe(true);
  }
  // Again, as after a crash.
  await mail.putSmall(mails);
  for (const { name } of [mails[3] ?? other, large]) {
    await mail.remove(name);
    expect(await mail.get(name)).toBeUndefined();
    await mail.remove(name);
  }
  expect(await mail.get(other.name)).toBeDefined();
});

test('a batch of the largest fits into its transactions', async () => {
  const mail = storage.receivedMail(storage.newTable());
  const mails = Array.from({ length: 40 }, (_, index) => ({
    name: `received/inc_1/folder/7/${index}.row`,
    content: randomBytes(smallMail),
  }));
  await mail.putSmall(mails);
  const last = await mail.get('received/inc_1/folder/7/39.row');
  expect(last && (await buffer(last)).equals(mails.at(-1)?.content ?? Buffer.alloc(0))).toBe(true);
});
