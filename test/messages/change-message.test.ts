import { expect, test } from 'vitest';
import { cancelMessage } from '../../functions/messages/cancel-message.ts';
import { expireMessages } from '../../functions/messages/expire-messages.ts';
import { rescheduleMessage } from '../../functions/messages/reschedule-message.ts';
import { retryMessage } from '../../functions/messages/retry-message.ts';
import { begun } from '../../functions/messages/settle-message.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const forever = new Date('2030-01-01T00:00:00Z');

const cancel = (sending: Sending, id: string) => cancelMessage(sending.call(), id, sending.ports);
const retry = (sending: Sending, id: string, evenIfSent = false) =>
  retryMessage(sending.call(), id, { evenIfSent }, sending.ports);
const inMinutes = (sending: Sending, minutes: number): string =>
  new Date(sending.now().getTime() + minutes * 60_000).toISOString();

async function onlyJob(sending: Sending) {
  const [job] = await sending.ports.messages.due(serverId, forever, 1);
  if (job === undefined) throw new Error('There is no job.');
  return job;
}

/** The process dies, or storage fails, at this change of the messages' table, counted from now on. */
function failAtChange(sending: Sending, which: number): void {
  let changes = 0;
  sending.storage.beforeChange = (table) => {
    if (table === 'messages' && ++changes === which) throw new GatewayError('storage-unavailable', 'Gone.');
  };
}

test('a sender that read a message before it was cancelled cannot begin it', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Cancelled');
  const job = await onlyJob(sending);
  await cancel(sending, id);
  const begin = { job, record: begun(job.record, 'acc_1', sending.now()), dueAt: job.dueAt };
  expect(await sending.ports.messages.step([begin])).toBeUndefined();
  expect((await sending.message(id)).status).toBe('cancelled');
});

test('what a sender has begun is not cancelled, moved or tried again', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Begun');
  const job = await onlyJob(sending);
  await sending.ports.messages.step([{ job, record: begun(job.record, 'acc_1', sending.now()), dueAt: job.dueAt }]);
  const conflict = { code: 'conflict', message: expect.stringContaining('is sending') as string };
  await expect(cancel(sending, id)).rejects.toMatchObject(conflict);
  await expect(retry(sending, id, true)).rejects.toMatchObject(conflict);
  const move = rescheduleMessage(sending.call(), id, inMinutes(sending, 9), sending.ports);
  await expect(move).rejects.toMatchObject(conflict);
});

test('cancelled half when storage fails: it is never sent, and leaves the agenda with the next run', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Half');
  failAtChange(sending, 2);
  await expect(cancel(sending, id)).rejects.toMatchObject({ code: 'storage-unavailable' });
  sending.storage.beforeChange = () => undefined;
  expect((await sending.message(id)).status).toBe('cancelled');
  await sending.send();
  expect(sending.exchange.taken).toEqual([]);
  expect(await sending.ports.messages.due(serverId, forever, 1)).toEqual([]);
  expect((await sending.message(id)).history.map(({ status }) => status)).toEqual(['queued', 'cancelled']);
});

test('rescheduled half when storage fails: it is sent at its new time, and not before', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Half');
  failAtChange(sending, 2);
  const move = rescheduleMessage(sending.call(), id, inMinutes(sending, 60), sending.ports);
  await expect(move).rejects.toMatchObject({ code: 'storage-unavailable' });
  sending.storage.beforeChange = () => undefined;
  await sending.send();
  expect((await sending.message(id)).status).toBe('scheduled');
  sending.pass(61);
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
});

test('tried again twice at once it is sent once', async () => {
  const sending = await startSending(storage);
  const { id, messageId } = await sending.accept('Twice');
  sending.exchange.mishaps.push({ refuse: smtpError('message-refused', '554 no') });
  await sending.send();
  const answers = await Promise.allSettled([retry(sending, id), retry(sending, id)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await sending.send();
  await sending.send();
  expect(sending.exchange.taken).toEqual([messageId]);
  expect((await sending.message(id)).attempts).toBe(2);
});

test('one of which nobody knows whether it was sent is tried again only for whoever takes the risk', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Unknown', { expiresAt: inMinutes(sending, 5) });
  sending.exchange.mishaps.push('drops-not-taken');
  await sending.send();
  expect((await sending.message(id)).status).toBe('unknown');
  await expect(retry(sending, id)).rejects.toMatchObject({
    code: 'conflict',
    data: { remedy: expect.stringContaining('evenIfSent=true') as string },
  });
  expect(await retry(sending, id, true)).toMatchObject({ status: 'queued' });
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
  expect(sending.exchange.sentItemsOpened).toBe(0);
});

test('what expires while its server waits is told so, and the rest goes on waiting', async () => {
  const sending = await startSending(storage);
  const brief = await sending.accept('Brief', { expiresAt: inMinutes(sending, 5) });
  const patient = await sending.accept('Patient');
  sending.pass(6);
  await expireMessages(sending.call(), serverId, sending.ports);
  expect((await sending.message(brief.id)).status).toBe('expired');
  expect((await sending.message(patient.id)).status).toBe('queued');
  await sending.send();
  expect(sending.exchange.taken).toEqual([patient.messageId]);
});
