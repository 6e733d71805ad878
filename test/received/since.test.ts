import { beforeEach, expect, test } from 'vitest';
import { GatewayError } from '../../functions/shared/errors.ts';
import type { IncomingServer } from '../../functions/servers/incoming-server.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { serverId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const day = 24 * 60;
let reading: Reading;
beforeEach(async () => {
  reading = await startReading(storage);
});

const ago = (days: number): Date => new Date(reading.now().getTime() - days * day * 60_000);
const subjects = async () => (await reading.ledger()).map(({ subject }) => subject);

/** Makes it a server that was never confirmed. */
async function beginAnew(changes: Partial<IncomingServer>): Promise<void> {
  const stored = await reading.ports.incomingServers.get(serverId);
  if (stored === undefined) throw new Error('The server is gone.');
  const { starts, ...rest } = stored.value;
  await reading.ports.incomingServers.replace(serverId, { ...rest, state: 'draft', ...changes }, stored.etag);
}

function fill(): void {
  for (let days = 300; days > 0; days--) reading.mailbox.deliver(`Subject: ${days} days old\r\n\r\n`, ago(days));
}

test('a folder begins with mail that arrived since then, wherever it lies', async () => {
  fill();
  reading.mailbox.deliver('Subject: moved in\r\n\r\n', ago(200));
  await beginAnew({ since: ago(100).toISOString() });
  await reading.confirm();
  reading.mailbox.deliver('Subject: new\r\n\r\n', reading.now());
  await reading.fetch();
  expect(await subjects()).toEqual(['new', ...Array.from({ length: 100 }, (_, index) => `${index + 1} days old`)]);
  expect(reading.mailbox.asked.filter((asked) => /^since|^after/.test(asked))).toEqual([
    `since ${ago(100).toISOString()}`,
    'after 200',
  ]);
  expect((await reading.state()).cursors[0]).not.toHaveProperty('again');
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.mailbox.asked).toEqual(['login ada@contoso.example', 'open INBOX', 'close']);
});

test('the past is read in batches that stay kept, and goes on where it was interrupted', async () => {
  fill();
  await beginAnew({ since: ago(250).toISOString() });
  await reading.confirm();
  let reads = 0;
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read') && ++reads === 3) throw new GatewayError('mail-server-unreachable', 'Broken.');
  };
  await reading.fetch();
  expect(await subjects()).toHaveLength(200);
  reading.mailbox.before = () => undefined;
  reading.mailbox.renumber();
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(await subjects()).toHaveLength(250);
  expect(new Set(await subjects()).size).toBe(250);
});

test('a folder that is added later begins with the same time; one that was read goes on', async () => {
  reading.mailbox.addFolder('Archive');
  for (const days of [9, 5, 1]) reading.mailbox.deliver(`Subject: archived ${days}\r\n\r\n`, ago(days), 'Archive');
  reading.mailbox.deliver('Subject: before\r\n\r\n', ago(2));
  await reading.fetch();
  await reading.change({ since: ago(6).toISOString(), folders: ['INBOX', 'Archive'] });
  await reading.fetch();
  expect(await subjects()).toEqual(['archived 1', 'before', 'archived 5']);
  await reading.confirm();
  await reading.fetch();
  expect(await subjects()).toHaveLength(3);
});

test('an empty folder, and one in which all is older, begin with what arrives next', async () => {
  await beginAnew({ since: ago(3).toISOString() });
  await reading.confirm();
  await reading.fetch();
  reading.mailbox.deliver('Subject: first\r\n\r\n', reading.now());
  await reading.fetch();
  expect(await subjects()).toEqual(['first']);
});
