import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { startAzurite } from '../../../dev/storage/azurite.ts';
import { kill, messagesOf, newFolder, numbers, rowsOf, startStorage, textOf } from './storage-under-test.ts';

test('without a folder everything is in memory', async () => {
  const storage = await startStorage();
  await storage.table.createEntity({ partitionKey: 'p', rowKey: 'r', value: 1 });
  await storage.queue.sendMessage('hello');
  await storage.container.getBlockBlobClient('b').upload('text', 4);

  expect(await rowsOf(storage.table)).toMatchObject([{ value: 1 }]);
  expect(await messagesOf(storage.queue)).toEqual(['hello']);
  expect(await textOf(storage.container, 'b')).toBe('text');
  expect(new URL(storage.blobUrl).hostname).toBe('127.0.0.1');
});

test('what was answered is there after kill -9', async () => {
  const folder = await newFolder();
  const before = await startStorage({ folder });
  await Promise.all(
    numbers(100).flatMap((n) => [
      before.table.createEntity({ partitionKey: 'p', rowKey: `${n}`, value: n, at: new Date(n), bytes: Buffer.of(n) }),
      before.queue.sendMessage(`message ${n}`),
      before.container.getBlockBlobClient(`blob ${n}`).upload(`text ${n}`, `text ${n}`.length),
    ]),
  );
  await kill(before);

  const after = await startStorage({ folder });
  const rows = await rowsOf(after.table);
  expect(rows.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual(numbers(100));
  expect(rows.find(({ rowKey }) => rowKey === '7')).toMatchObject({ at: new Date(7), bytes: Buffer.of(7) });
  expect(new Set(await messagesOf(after.queue))).toEqual(new Set(numbers(100).map((n) => `message ${n}`)));
  expect(await Promise.all(numbers(100).map((n) => textOf(after.container, `blob ${n}`)))).toEqual(
    numbers(100).map((n) => `text ${n}`),
  );
});

test('what was changed or deleted is so after kill -9, down to etags, pop receipts and leases', async () => {
  const folder = await newFolder();
  const before = await startStorage({ folder });
  const { table, queue, container } = before;
  await table.createEntity({ partitionKey: 'p', rowKey: 'deleted' });
  await table.createEntity({ partitionKey: 'p', rowKey: 'changed', value: 1 });
  await table.deleteEntity('p', 'deleted');
  const { etag } = await table.updateEntity({ partitionKey: 'p', rowKey: 'changed', value: 2 });
  await queue.sendMessage('taken');
  await queue.sendMessage('hidden');
  const [taken, hidden] = (await queue.receiveMessages({ numberOfMessages: 2 })).receivedMessageItems;
  await queue.deleteMessage(taken?.messageId ?? '', taken?.popReceipt ?? '');
  await container.getBlockBlobClient('b').upload('old', 3);
  await container.getBlockBlobClient('b').upload('new', 3);
  await container.getBlobClient('b').getBlobLeaseClient().acquireLease(60);
  await kill(before);

  const after = await startStorage({ folder });
  expect(await rowsOf(after.table)).toMatchObject([{ rowKey: 'changed', value: 2, etag }]);
  expect(await messagesOf(after.queue)).toEqual([]);
  await after.queue.updateMessage(hidden?.messageId ?? '', hidden?.popReceipt ?? '', 'seen again', 0);
  expect(await messagesOf(after.queue)).toEqual(['seen again']);
  expect(await textOf(after.container, 'b')).toBe('new');
  await expect(after.container.deleteBlob('b')).rejects.toMatchObject({ code: 'LeaseIdMissing' });
});

test('a table that was deleted and created again has only its new rows, also after kill -9', async () => {
  const folder = await newFolder();
  const before = await startStorage({ folder });
  const table = before.tableNamed('again');
  await table.createTable();
  await Promise.all(numbers(3).map((n) => table.createEntity({ partitionKey: 'p', rowKey: `old ${n}` })));
  await table.deleteTable();
  await table.createTable();
  await table.createEntity({ partitionKey: 'p', rowKey: 'new' });
  await kill(before);

  const after = (await startStorage({ folder })).tableNamed('again');
  expect(await rowsOf(after)).toMatchObject([{ rowKey: 'new' }]);
  await after.createEntity({ partitionKey: 'p', rowKey: 'newer' });
  expect(await rowsOf(after)).toMatchObject([{ rowKey: 'new' }, { rowKey: 'newer' }]);
});

test('it ends with its parent, even when the parent is killed, and the folder is free again', async () => {
  const folder = await newFolder();
  const program = `
    import { startAzurite } from ${JSON.stringify(new URL('../../../dev/storage/azurite.ts', import.meta.url).href)};
    console.log((await startAzurite({ folder: process.argv[1] })).pid);
  `;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(printed.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');

  await startStorage({ folder });
  await vi.waitUntil(() => !isAlive(pid));
});

test('a folder is for one process at a time', async () => {
  const folder = await newFolder();
  await startStorage({ folder });
  await expect(startAzurite({ folder })).rejects.toThrow(/Azurite did not start: .*database is locked/s);
});

function isAlive(pid: number) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
