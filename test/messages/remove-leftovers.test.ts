import { expect, test } from 'vitest';
import { createRawMailBlobs } from '../../functions/azure/raw-mail-blobs.ts';
import { blobOf } from '../../functions/messages/outgoing-blobs.ts';
import { removeLeftovers } from '../../functions/messages/remove-leftovers.ts';
import { blobNames } from '../support/blobs.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { startSending } from './sending-for-test.ts';

const storage = storageForTest();

test('content that no message has is removed a day later, and no other', async () => {
  const sending = await startSending(storage);
  const rawMail = createRawMailBlobs({ connectionString: storage.connectionString() }, () =>
    Promise.reject(new Error()),
  );
  const large = { html: 'x'.repeat(100_000) };
  const waiting = await sending.accept('Waiting', large);
  const orphan = blobOf('msg_aaaaaaaaaa00000000000000000000', 'attempt');
  const spare = blobOf(waiting.id, 'attempt');
  for (const name of [orphan, spare, 'outgoing/else.txt']) await rawMail.put(name, Buffer.from('x'));
  const all = [blobOf(waiting.id), orphan, spare, 'outgoing/else.txt'].toSorted();
  const names = async () => (await blobNames(storage.connectionString(), 'outgoing/')).toSorted();
  const at = (time: number) => ({ ...sending.call(), now: () => new Date(time) });

  await removeLeftovers(at(Date.now() + 23 * 3_600_000), { ...sending.ports, rawMail });
  expect(await names()).toEqual(all);
  await removeLeftovers(at(Date.now() + 25 * 3_600_000), { ...sending.ports, rawMail });
  expect(await names()).toEqual([blobOf(waiting.id), 'outgoing/else.txt'].toSorted());
  expect(sending.log.filter((line) => line.includes('was removed'))).toHaveLength(2);
});
