import { QueueClient } from '@azure/storage-queue';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';

const storage = storageForTest();

async function contentOf(name: string): Promise<Buffer | undefined> {
  const stream = await storage.rawMail().get(name);
  return stream && buffer(stream);
}

test('mail is kept byte for byte, given whole or as a stream, and is gone once removed', async () => {
  const mail = storage.rawMail();
  expect(await mail.get('outgoing/none.eml')).toBeUndefined();
  await mail.remove('outgoing/none.eml');

  const small = Buffer.from('Subject: small\r\n\r\n');
  const large = randomBytes(9 * 1024 * 1024 + 1);
  await mail.put('outgoing/small.eml', small);
  await mail.put('outgoing/large.eml', large);
  await mail.put('received/streamed.eml', Readable.from([large.subarray(0, 100), large.subarray(100)]));
  await mail.put('received/empty.eml', new Uint8Array());
  expect(await contentOf('outgoing/small.eml')).toEqual(small);
  expect((await contentOf('outgoing/large.eml'))?.equals(large)).toBe(true);
  expect((await contentOf('received/streamed.eml'))?.equals(large)).toBe(true);
  expect(await contentOf('received/empty.eml')).toHaveLength(0);

  await mail.put('outgoing/small.eml', small);
  await mail.remove('outgoing/small.eml');
  expect(await contentOf('outgoing/small.eml')).toBeUndefined();
});

test('a stream that breaks leaves no mail behind', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(100);
      await Promise.reject(new Error('The mailbox went away.'));
    })(),
  );
  await expect(storage.rawMail().put('received/broken.eml', broken)).rejects.toThrow();
  expect(await contentOf('received/broken.eml')).toBeUndefined();
});

test('work is queued in the form the host reads, on queues made when they are missing', async () => {
  const queues = storage.queues();
  await Promise.all([
    queues.send('out_1'),
    queues.send('out_2'),
    queues.fetch(['inc_1', 'inc_2']),
    queues.deliver('dst_1'),
  ]);
  const entriesOf = async (name: string): Promise<unknown[]> => {
    const { receivedMessageItems } = await new QueueClient(storage.connectionString(), name).receiveMessages({
      numberOfMessages: 32,
    });
    return receivedMessageItems.map(
      ({ messageText }) => JSON.parse(Buffer.from(messageText, 'base64').toString()) as unknown,
    );
  };
  expect(new Set(await entriesOf('send'))).toEqual(new Set([{ outgoingServer: 'out_1' }, { outgoingServer: 'out_2' }]));
  expect(await entriesOf('fetch')).toEqual([{ incomingServers: ['inc_1', 'inc_2'] }]);
  expect(await entriesOf('deliver')).toEqual([{ destination: 'dst_1' }]);
});
