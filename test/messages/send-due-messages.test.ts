import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { forgetContents } from '../../functions/messages/forget-contents.ts';
import type { RemovedServer } from '../../functions/servers/removed-server.ts';
import { expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();

async function acceptMany(sending: Sending, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await sending.accept(`Message ${String(n)}`)).id);
  return ids;
}

async function statusesOf(sending: Sending, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await sending.message(id)).status));
}

test('sends all that is due in order, over one connection, and leaves nothing to do', async () => {
  const sending = await startSending(storage);
  const ids = await acceptMany(sending, 70);
  expect(sending.queued).toHaveLength(70);
  await sending.send();

  expect(sending.exchange.taken.map((messageId) => messageId.slice(1, messageId.indexOf('@')))).toEqual(ids);
  expect(sending.exchange.logins).toBe(1);
  expect(new Set(await statusesOf(sending, ids))).toEqual(new Set(['sent']));
  expect(await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1)).toEqual([]);
  expect(await sending.state()).toEqual({ failures: 0, lastSentAt: sending.now().toISOString() });
  const message = await sending.message(ids[0] ?? '');
  expect(message).toMatchObject({
    attempts: 1,
    lastReply: '250 2.0.0 OK',
    sentAt: sending.now().toISOString(),
    recipients: [{ address: 'grace@contoso.example', status: 'sent' }],
  });
  expect(message.history.map(({ status }) => status)).toEqual(['queued', 'sending', 'sent']);
});

test('takes one transaction per message, and a few for all of them', async () => {
  const sending = await startSending(storage);
  await acceptMany(sending, 60);
  sending.storage.changes = 0;
  sending.storage.reads = 0;
  await sending.send();
  // Each beginning takes the end of the one before it along. Beyond: the lease, the state, and for each batch of 30 its end
  // and its slots, of which the last are given back.
  expect(sending.exchange.taken).toHaveLength(60);
  expect(sending.storage.changes).toBeLessThanOrEqual(60 + 3 + 2 + 3);
  expect(sending.storage.reads).toBeLessThanOrEqual(20);
});

test('a queue entry that finds nothing due costs no connection', async () => {
  const sending = await startSending(storage);
  await sending.send();
  expect(sending.exchange.logins).toBe(0);
  expect(await sending.state()).toBeUndefined();
  expect(sending.queued).toEqual([]);
});

test('a message whose taker is some seconds ahead is sent all the same', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('From the future');
  sending.pass(-3 / 60);
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
});

test('whoever comes while another sends leaves; what came meanwhile is sent in the same run', async () => {
  const sending = await startSending(storage);
  const first = await sending.accept('First');
  const late: string[] = [];
  sending.exchange.mishaps.push({
    async meanwhile() {
      late.push((await sending.accept('While the first was sent')).id);
      await sending.send();
      expect(sending.exchange.taken).toEqual([]);
    },
  });
  await sending.send();
  expect(await statusesOf(sending, [first.id, ...late])).toEqual(['sent', 'sent']);
  expect(sending.exchange.logins).toBe(1);
  expect(sending.exchange.mostConnections).toBe(1);
});

test('many senders at once send everything once', async () => {
  const sending = await startSending(storage);
  const ids = await acceptMany(sending, 20);
  await Promise.all(Array.from({ length: 8 }, () => sending.send()));
  expect(sending.exchange.taken).toHaveLength(20);
  expect(new Set(sending.exchange.taken).size).toBe(20);
  expect(sending.exchange.mostConnections).toBe(1);
  expect(new Set(await statusesOf(sending, ids))).toEqual(new Set(['sent']));
});

test('a server that ends the connection after some messages gets another, and the order stays', async () => {
  const sending = await startSending(storage);
  const ids = await acceptMany(sending, 10);
  sending.exchange.messagesPerConnection = 4;
  await sending.send();
  expect(sending.exchange.taken.map((messageId) => messageId.slice(1, messageId.indexOf('@')))).toEqual(ids);
  expect(sending.exchange.logins).toBe(3);
  expect(await sending.state()).toMatchObject({ failures: 0 });
  expect((await sending.message(ids[4] ?? '')).attempts).toBe(2);
});

test('a server whose settings change in the middle is connected to anew', async () => {
  const sending = await startSending(storage);
  await sending.accept('Before');
  sending.exchange.mishaps.push({
    async meanwhile() {
      await sending.changeServer({ host: 'smtp.example' });
      await sending.accept('After');
      await sending.send();
    },
  });
  await sending.send();
  expect(sending.exchange.taken).toHaveLength(2);
  expect(sending.exchange.logins).toBe(2);
  expect(sending.exchange.mostConnections).toBe(1);
});

test('when its time is over it leaves the rest to another run', async () => {
  const sending = await startSending(storage);
  const ids = await acceptMany(sending, 3);
  sending.queued.length = 0;
  sending.exchange.mishaps.push({
    meanwhile() {
      sending.pass(6);
      return Promise.resolve();
    },
  });
  await sending.send();
  expect(await statusesOf(sending, ids)).toEqual(['sent', 'queued', 'queued']);
  expect(sending.queued).toEqual([serverId]);
  await sending.send();
  expect(await statusesOf(sending, ids)).toEqual(['sent', 'sent', 'sent']);
});

test('some recipients refused: the message is sent, and each of them has the reply', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('To two', { to: ['grace@contoso.example', 'nobody@contoso.example'] });
  const reply = `550 5.1.1 ${'nobody '.repeat(100)}`;
  sending.exchange.mishaps.push({ partly: [{ address: 'nobody@contoso.example', accepted: false, reply }] });
  await sending.send();
  const { status, recipients } = await sending.message(id);
  expect(status).toBe('sent');
  expect(recipients[0]).toEqual({ address: 'grace@contoso.example', status: 'sent' });
  expect(recipients[1]).toMatchObject({ status: 'refused' });
  expect(recipients[1]?.reply).toBe(reply.slice(0, 200));
});

test('a refusal for good fails one message and holds up no other', async () => {
  const sending = await startSending(storage);
  const refused = await sending.accept('Not this');
  const next = await sending.accept('But this');
  const reply = '554 5.2.252 SendAsDenied';
  sending.exchange.mishaps.push({ refuse: smtpError('sender-refused', reply, { remedy: 'Grant Send As.' }) });
  await sending.send();
  const message = await sending.message(refused.id);
  expect(message).toMatchObject({
    status: 'failed',
    attempts: 1,
    lastReply: reply,
    cause: { code: 'sender-refused', actor: 'tenant admin', remedy: 'Grant Send As.' },
    recipients: [{ status: 'refused', reply }],
  });
  expect(message.nextAttemptAt).toBeUndefined();
  expect((await sending.message(next.id)).status).toBe('sent');
  sending.pass(10_000);
  await sending.send();
  expect(sending.exchange.taken).toHaveLength(1);
});

test('a refusal for now defers one message, ever longer, for two days', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Later');
  const waits: number[] = [];
  for (;;) {
    sending.exchange.mishaps.push({ refuse: smtpError('mail-server-busy', '450 4.2.0 try later') });
    await sending.send();
    const { status, nextAttemptAt = '', cause } = await sending.message(id);
    expect(cause?.code).toBe('mail-server-busy');
    if (status === 'failed') break;
    expect(status).toBe('deferred');
    waits.push((Date.parse(nextAttemptAt) - sending.now().getTime()) / 60_000);
    sending.pass((waits.at(-1) ?? 0) / 2);
    await sending.send();
    sending.pass((waits.at(-1) ?? 0) / 2);
  }
  expect(
    waits.slice(0, 8).map((wait) => [1, 2, 5, 10, 30, 60, 120, 240].findLast((step) => step * 0.8 <= wait)),
  ).toEqual([1, 2, 5, 10, 30, 60, 120, 240]);
  const days = (sending.now().getTime() - Date.parse((await sending.message(id)).createdAt)) / 86_400_000;
  expect(days).toBeGreaterThan(2);
  expect(days).toBeLessThan(2.3);
  expect(sending.exchange.taken).toEqual([]);
  expect((await sending.message(id)).attempts).toBe(waits.length + 1);
});

test('messages of a server that was removed meanwhile are told as failed', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('For nobody');
  const stored = await sending.ports.outgoingServers.get(serverId);
  await sending.ports.outgoingServers.remove(serverId, stored?.etag ?? '');
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'failed', cause: { code: 'not-found' } });
  expect(await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1)).toEqual([]);
});

test('large content waits in a blob, which goes with the last step, or after a week when it failed', async () => {
  const sending = await startSending(storage);
  const content = Buffer.alloc(100_000, 'content ').toString('base64');
  const attachments = [{ filename: 'large.bin', content }];
  const one = await sending.accept('Sent', { attachments });
  const other = await sending.accept('Failed', { attachments });
  expect(sending.blobs).toEqual(new Set([`outgoing/${one.id}.eml`, `outgoing/${other.id}.eml`]));
  sending.exchange.mishaps.push({ partly: [] }, { refuse: smtpError('message-too-large', '552 5.3.4 too large') });
  await sending.send();
  expect(await statusesOf(sending, [one.id, other.id])).toEqual(['sent', 'failed']);
  expect(sending.exchange.contents[0]).toContain('large.bin');
  expect(sending.blobs).toEqual(new Set([`outgoing/${other.id}.eml`]));
  const removedServers = createTableCollection<RemovedServer>(storage.newTable(), 'removed-server');
  const forget = () => forgetContents(sending.call(), { ...sending.ports, removedServers });
  sending.pass(6 * 24 * 60);
  await forget();
  expect(sending.blobs.size).toBe(1);
  sending.pass(24 * 60);
  await forget();
  expect(sending.blobs).toEqual(new Set());
});

test('a message whose content is gone fails, and holds up no other', async () => {
  const sending = await startSending(storage);
  const attachments = [{ filename: 'large.bin', content: Buffer.alloc(100_000).toString('base64') }];
  const gone = await sending.accept('Gone', { attachments });
  const next = await sending.accept('Next');
  await sending.ports.rawMail.remove(`outgoing/${gone.id}.eml`);
  await sending.send();
  expect(await sending.message(gone.id)).toMatchObject({ status: 'failed', cause: { code: 'not-found' } });
  expect((await sending.message(next.id)).status).toBe('sent');
});
