import { expect, test } from 'vitest';
import { findAnswered, findSentMessage, noteSentId } from '../../functions/messages/sent-ids.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { startSending } from './sending-for-test.ts';

const storage = storageForTest();
const given = '<given@exchange.example>';

test('a message that Exchange gave another Message-ID goes by both', async () => {
  const sending = await startSending(storage);
  sending.exchange.givenMessageId = given;
  const { id, messageId } = await sending.accept('Renamed');
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'sent', messageId, serverMessageId: given });
  for (const name of [messageId, given]) expect(await findSentMessage(name, sending.ports)).toMatchObject({ id });
});

test('that Message-ID is learnt from Sent Items when the answer was lost', async () => {
  const sending = await startSending(storage);
  sending.exchange.givenMessageId = given;
  sending.exchange.mishaps.push('drops-taken');
  const { id } = await sending.accept('Renamed');
  await sending.send();
  sending.pass(2);
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'sent', serverMessageId: given });
  expect(await findSentMessage(given, sending.ports)).toMatchObject({ id });
});

test('when that cannot be kept the message is neither lost nor sent twice', async () => {
  const sending = await startSending(storage);
  sending.exchange.givenMessageId = given;
  const { id } = await sending.accept('Renamed');
  let failures = 0;
  sending.storage.beforeChange = (table) => {
    if (table === 'messages' && sending.exchange.taken.length === 1 && failures++ < 1) throw new Error('Down.');
  };
  await sending.send().catch(() => undefined);
  sending.pass(2);
  await sending.expireLease();
  await sending.send();
  expect(sending.exchange.taken).toHaveLength(1);
  expect(await sending.message(id)).toMatchObject({ status: 'sent', serverMessageId: given });
  expect(await findSentMessage(given, sending.ports)).toMatchObject({ id });
});

test('where the server keeps the Message-ID nothing more is written', async () => {
  const sending = await startSending(storage);
  const { id, messageId } = await sending.accept('Kept');
  sending.exchange.givenMessageId = messageId;
  await sending.send();
  expect(await sending.message(id)).not.toHaveProperty('serverMessageId');
});

test('what a mail answers is found by what it answers last, and with few reads', async () => {
  const sending = await startSending(storage);
  const first = await sending.accept('First');
  const second = await sending.accept('Second');
  await noteSentId(given, second.id, sending.ports.sentIds);
  const reads: string[] = [];
  const ports = {
    messages: { ...sending.ports.messages, get: (id: string) => noted(id, sending.ports.messages.get(id)) },
    sentIds: { ...sending.ports.sentIds, get: (id: string) => noted(id, sending.ports.sentIds.get(id)) },
  };
  function noted<T>(id: string, read: Promise<T>): Promise<T> {
    reads.push(id);
    return read;
  }
  const answered = async (inReplyTo: string | undefined, ...references: string[]) => {
    reads.length = 0;
    return { id: (await findAnswered(inReplyTo, references, ports))?.id, reads: reads.length };
  };
  const foreign = '<someone@else.example>';
  expect(await answered(undefined)).toEqual({ id: undefined, reads: 0 });
  expect(await answered(first.messageId)).toEqual({ id: first.id, reads: 1 });
  expect(await answered(second.messageId, first.messageId, second.messageId)).toEqual({ id: second.id, reads: 1 });
  expect(await answered(undefined, foreign, first.messageId)).toEqual({ id: first.id, reads: 1 });
  expect(await answered(given, first.messageId, given)).toEqual({ id: second.id, reads: 2 });
  expect(await answered(foreign, first.messageId, foreign)).toEqual({ id: first.id, reads: 2 });
  expect(await answered(foreign, '<a@b>', '<c@d>', foreign)).toEqual({ id: undefined, reads: 1 });
});
