import { expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { accountFor, serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();

/** Until nothing is left to do, an hour at most. */
async function untilSettled(sending: Sending): Promise<void> {
  for (let minute = 0; minute < 60; minute++) {
    sending.pass(1);
    await sending.send();
    if ((await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1)).length === 0) return;
  }
}

test('taken, but the answer was lost: it is found in Sent Items and not sent again', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Taken');
  const next = await sending.accept('The next');
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  expect(await sending.message(id)).toMatchObject({
    status: 'unknown',
    cause: { code: 'outcome-unknown', actor: 'operator' },
    sentBy: 'acc_aaaaaaaaaa',
  });
  expect((await sending.message(id)).nextAttemptAt).toBe(
    (await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1))[0]?.dueAt,
  );
  expect((await sending.message(next.id)).status).toBe('sent');

  // Exchange takes a moment to file it.
  sending.pass(0.5);
  await sending.send();
  expect(sending.exchange.sentItemsOpened).toBe(0);
  sending.pass(0.6);
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'sent', lastReply: 'Found in Sent Items', attempts: 1 });
  expect(sending.exchange.taken).toHaveLength(2);
});

test('not taken: it is not in Sent Items, and is sent again, once', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Not taken');
  sending.exchange.mishaps.push('drops-not-taken');
  await sending.send();
  await untilSettled(sending);
  const { status, attempts, history } = await sending.message(id);
  expect({ status, attempts }).toEqual({ status: 'sent', attempts: 2 });
  expect(history.map((entry) => entry.status)).toEqual(['queued', 'sending', 'unknown', 'queued', 'sending', 'sent']);
  expect(sending.exchange.taken).toHaveLength(1);
});

test('a large message gets more time to show up', async () => {
  const sending = await startSending(storage);
  const content = Buffer.alloc(8_000_000).toString('base64');
  const { id } = await sending.accept('Large', { attachments: [{ filename: 'a', content }] });
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  sending.pass(3);
  await sending.send();
  expect((await sending.message(id)).status).toBe('unknown');
  sending.pass(1);
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
});

test('while Sent Items cannot be read nothing is sent again, however long; new mail goes on', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Nobody knows');
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  sending.exchange.sentItemsTrouble = smtpError('mail-server-unreachable');
  sending.pass(2);
  const next = await sending.accept('New');
  await sending.send();
  expect((await sending.message(next.id)).status).toBe('sent');

  for (let hour = 0; hour < 40; hour++) {
    sending.pass(60);
    await sending.send();
  }
  const unknown = await sending.message(id);
  expect(unknown.status).toBe('unknown');
  expect(unknown.cause?.detail).toContain('Sent Items could not be read');
  // Looked for ever more seldom, and told in few lines.
  expect(sending.exchange.sentItemsOpened).toBeLessThan(50);
  expect(unknown.history.length).toBeLessThan(6);

  sending.exchange.sentItemsTrouble = undefined;
  sending.pass(61);
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
  expect(sending.exchange.taken).toHaveLength(2);
});

test('after two days of looking in vain it stays unknown, and is told so', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Nobody will know');
  sending.exchange.mishaps.push('drops-not-taken');
  await sending.send();
  sending.exchange.sentItemsTrouble = smtpError('mailbox-not-opened');
  for (let hour = 0; hour < 52; hour++) {
    sending.pass(60);
    await sending.send();
  }
  expect(await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1)).toEqual([]);
  const message = await sending.message(id);
  expect(message).toMatchObject({ status: 'unknown', cause: { code: 'outcome-unknown' } });
  expect(message.cause?.remedy).toContain(message.messageId);
  expect(message.nextAttemptAt).toBeUndefined();
});

test('many that are unknown are looked up with one login', async () => {
  const sending = await startSending(storage);
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) {
    ids.push((await sending.accept(`Message ${String(n)}`)).id);
    sending.exchange.mishaps.push(n % 2 ? 'drops-taken' : 'drops-not-taken');
  }
  await sending.send();
  sending.pass(2);
  await sending.send();
  expect(sending.exchange.sentItemsOpened).toBe(1);
  for (const id of ids) expect((await sending.message(id)).status).toBe('sent');
  expect(sending.exchange.taken).toHaveLength(12);
  expect(new Set(sending.exchange.taken).size).toBe(12);
});

test('it is looked for in the mailbox that sent it, though the server has another account by now', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Sent as Ada');
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  await sending.ports.accounts.add('acc_bbbbbbbbbb', accountFor('grace@contoso.example', 'acc_bbbbbbbbbb'));
  await sending.changeServer({ account: 'acc_bbbbbbbbbb' });

  const users: string[] = [];
  const { openMailbox } = sending.exchange;
  const ports = {
    ...sending.ports,
    openMailbox: (...login: Parameters<typeof openMailbox>) => {
      users.push(login[0].user);
      return openMailbox(...login);
    },
  };
  const { sendDueMessages } = await import('../../functions/messages/send-due-messages.ts');
  sending.pass(2);
  await sendDueMessages(sending.call(), serverId, ports);
  expect(users).toEqual(['ada@contoso.example']);
  expect((await sending.message(id)).status).toBe('sent');
});

/** The server logs in with a password from now on. */
async function usePassword({ ports: { outgoingServers } }: Sending, onUnknown: 'hold' | 'retry'): Promise<void> {
  const server = await outgoingServers.get(serverId);
  if (server === undefined) throw new Error('The server is gone.');
  const { account, ...rest } = server.value;
  const byPassword = { ...rest, username: 'shop', passwordSecret: 'password-1', onUnknown };
  await outgoingServers.replace(serverId, byPassword, server.etag);
}

test('sent with a password: no Sent Items can tell, so it stays unknown and is not sent again', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Handed over');
  await usePassword(sending, 'hold');
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  await untilSettled(sending);
  const message = await sending.message(id);
  expect(message).toMatchObject({ status: 'unknown', attempts: 1 });
  expect(message).not.toHaveProperty('nextAttemptAt');
  expect(message.cause?.remedy).toContain(`Look for ${message.messageId} in the log of the mail server`);
  expect(sending.exchange.sentItemsOpened).toBe(0);
  expect(sending.exchange.taken).toHaveLength(1);
});

test('sent with a password where twice is better than never: it is sent again', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Handed over');
  await usePassword(sending, 'retry');
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  await untilSettled(sending);
  expect(await sending.message(id)).toMatchObject({ status: 'sent', attempts: 2 });
  expect(sending.exchange.sentItemsOpened).toBe(0);
  expect(sending.exchange.taken).toHaveLength(2);
});
