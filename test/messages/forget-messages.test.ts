import { beforeEach, expect, test } from 'vitest';
import { forgetMessages } from '../../functions/messages/forget-messages.ts';
import { findAnswered, noteSentId } from '../../functions/messages/sent-ids.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const day = 24 * 60;
const given = '<given@exchange.example>';
let sending: Sending;

beforeEach(async () => {
  sending = await startSending(storage);
});

/** The sweep of an hour; the clock of the test stands at the full hour. */
const sweep = (historyDays = 30) => forgetMessages(sending.call(), { ...sending.ports, historyDays });

/** The subjects of what is kept, the oldest first. */
async function kept(owner = serverId): Promise<string[]> {
  const { data } = await sending.ports.messages.list({ owners: [owner], limit: 1000 });
  return data.map(({ subject }) => subject).toReversed();
}

async function send(subject: string, more?: Record<string, unknown>) {
  const accepted = await sending.accept(subject, more);
  await sending.send();
  return accepted;
}

const refuseNext = () => sending.exchange.mishaps.push({ refuse: smtpError('recipient-refused', '550 5.1.1 no') });

test('what was sent, failed or was cancelled is forgotten after its days, with all that it goes by', async () => {
  sending.exchange.givenMessageId = given;
  const { id, messageId } = await send('sent');
  sending.exchange.givenMessageId = undefined;
  refuseNext();
  await send('failed');
  await sending.accept('expired', { expiresAt: new Date(sending.now().getTime() + 60_000).toISOString() });
  sending.pass(5 * day);
  await sending.send();
  await send('newer');
  sending.pass(25 * day);
  await sweep();
  expect(await kept()).toEqual(['sent', 'failed', 'expired', 'newer']);
  sending.pass(2 * 60);
  await forgetMessages(sending.call(), sending.ports);
  expect(await findAnswered(given, [], sending.ports)).toMatchObject({ id });
  await sweep();
  expect(await kept()).toEqual(['expired', 'newer']);
  // A reply that comes now answers nothing.
  for (const each of [given, messageId]) expect(await findAnswered(each, [], sending.ports)).toBeUndefined();
  expect(await sending.ports.sentIds.list()).toEqual(new Map());
  sending.pass(5 * day);
  await sweep();
  expect(await kept()).toEqual([]);
});

test('a message with work left, or of which nobody knows what became, is never forgotten', async () => {
  sending.exchange.sentItemsTrouble = smtpError('mail-server-busy', 'Busy.');
  sending.exchange.mishaps.push('drops-taken');
  await send('unknown');
  for (let hours = 0; hours < 3 * 24; hours++) {
    sending.pass(60);
    await sending.send();
  }
  const scheduledAt = new Date(sending.now().getTime() + 200 * day * 60_000).toISOString();
  await sending.accept('scheduled', { scheduledAt });
  sending.exchange.givenMessageId = given;
  const { id } = await send('untold');
  const at = sending.now().toISOString();
  await sending.ports.messages.amend(id, (record) => ({
    record: { ...record, untold: { outcome: 'message.sent', at } },
    dueAt: at,
  }));
  await sending.accept('queued');
  sending.pass(100 * day);
  await sweep();
  expect(await kept()).toEqual(['unknown', 'scheduled', 'untold', 'queued']);
  expect(await findAnswered(given, [], sending.ports)).toMatchObject({ id });
  const jobs = await sending.ports.messages.due(serverId, new Date('2030-01-01'), 10);
  expect(jobs.map(({ record }) => record.subject).toSorted()).toEqual(['queued', 'scheduled', 'untold']);
});

test('what has happened to a message last counts, not when it was made', async () => {
  const scheduledAt = new Date(sending.now().getTime() + 50 * day * 60_000).toISOString();
  await sending.accept('sent late', { scheduledAt });
  const { id } = await send('bounced late');
  sending.pass(50 * day);
  await sending.send();
  await sending.ports.messages.amend(id, (record) => ({
    record: {
      ...record,
      status: 'bounced',
      history: [...record.history, { at: sending.now().toISOString(), status: 'bounced' }],
    },
  }));
  await sweep();
  expect(await kept()).toEqual(['sent late', 'bounced late']);
  sending.pass(31 * day);
  await sweep();
  expect(await kept()).toEqual([]);
});

test('content that was kept for another try goes with its message', async () => {
  for (const html of ['x', 'x'.repeat(100_000)]) {
    refuseNext();
    await send('failed', { html });
  }
  expect(sending.blobs.size).toBe(1);
  sending.pass(2 * day);
  await sweep(1);
  expect(await kept()).toEqual([]);
  expect(sending.blobs).toEqual(new Set());
  expect(await sending.ports.messages.forget(serverId, new Date('2030-01-01'))).toEqual([]);
});

test('a Message-ID that another message goes by since stays', async () => {
  sending.exchange.givenMessageId = given;
  await send('first');
  const second = await sending.accept('second');
  await noteSentId(given, second.id, sending.ports.sentIds);
  sending.pass(40 * day);
  await sweep();
  expect(await kept()).toEqual(['second']);
  expect(await findAnswered(given, [], sending.ports)).toMatchObject({ id: second.id });
});

test('messages of a server that was removed are forgotten too', async () => {
  await send('sent');
  const { ports } = sending;
  await ports.removedServers.add(serverId, { id: serverId, name: 'Gone', removedAt: sending.now().toISOString() });
  await ports.outgoingServers.remove(serverId, '*');
  sending.pass(40 * day);
  await sweep();
  expect(await kept()).toEqual([]);
});

test('a repeated request is known for its day, even where history is kept no longer', async () => {
  const first = await sending.accept('once', {}, 'key');
  await sending.send();
  sending.pass(day - 1);
  await sweep(1);
  sending.pass(1);
  await sweep(1);
  expect(await sending.accept('once', {}, 'key')).toMatchObject({ id: first.id });
  await sending.send();
  expect(sending.exchange.taken).toHaveLength(1);
});

test('two sweeps at once, and one that dies in the middle, leave nothing behind', async () => {
  for (let n = 0; n < 12; n++) {
    if (n % 3 === 0) refuseNext();
    sending.exchange.givenMessageId = `<given-${n}@exchange.example>`;
    await send(`message ${n}`);
  }
  sending.pass(2 * day);
  let changes = 0;
  sending.storage.beforeChange = (table) => {
    if (table === 'messages' && ++changes === 2) throw new Error('Killed.');
  };
  await expect(sweep(1)).rejects.toThrow('Killed.');
  await Promise.all([sweep(1), sweep(1)]);
  expect(await kept()).toEqual([]);
  expect(await sending.ports.sentIds.list()).toEqual(new Map());
});

test('where there is nothing to forget a turn asks storage three times at most, and never without a limit', async () => {
  await send('new');
  const requests = async (historyDays?: number) => {
    Object.assign(sending.storage, { changes: 0, reads: 0 });
    await forgetMessages(sending.call(), { ...sending.ports, historyDays });
    return sending.storage.changes + sending.storage.reads;
  };
  expect(await requests()).toBe(0);
  const inItsMinute = await requests(30);
  expect(inItsMinute).toBeGreaterThan(0);
  expect(inItsMinute).toBeLessThanOrEqual(3);
  sending.pass(1);
  expect(await requests(30)).toBeLessThanOrEqual(2);
});
