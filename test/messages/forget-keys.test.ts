import { expect, test } from 'vitest';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { forgetKeys } from '../../functions/messages/forget-keys.ts';
import { mailCall } from '../mail/mail-call.ts';
import { storageForTest } from '../support/storage-for-test.ts';

const storage = storageForTest();
const hour = 3_600_000;

test('keys are forgotten after a day, a part of them each minute', async () => {
  const idempotency = createTableCollection<string>(storage.newTable(), 'key');
  for (let n = 0; n < 150; n++) await idempotency.add(`ab${n}`, 'one');
  await idempotency.add('cd0', 'other');
  const ids = async () => (await idempotency.list()).map(({ value }) => value);
  /** The sweeps of all minutes of so many hours, as they would come that much later. */
  const sweep = async (from: number, hours: number) => {
    for (let at = from * hour; at < (from + hours) * hour; at += hour / 60)
      await forgetKeys({ ...mailCall(), now: () => new Date(Date.now() + at) }, { idempotency });
  };
  await sweep(19.5, 4.4);
  expect(await ids()).toHaveLength(151);
  await sweep(24.1, 4.4);
  expect(await ids()).toEqual([]);
});
