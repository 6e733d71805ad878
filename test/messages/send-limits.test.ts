import { expect, test } from 'vitest';
import { queueDueMessages } from '../../functions/messages/queue-due-messages.ts';
import { sendDueMessages } from '../../functions/messages/send-due-messages.ts';
import { exchangeLimits } from '../../functions/servers/sending-limits.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { serverFor, serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const otherId = 'out_bbbbbbbbbb';

async function startWithLimits(limits: Partial<typeof exchangeLimits> = {}): Promise<Sending> {
  const sending = await startSending(storage);
  await sending.changeServer({ limits: { ...exchangeLimits, ...limits } });
  return sending;
}

/** Lets time pass until the queue entry comes back, and sends again; answers how many were sent then. */
async function whenBack(sending: Sending): Promise<number> {
  const before = sending.exchange.taken.length;
  const seconds = sending.comingBack.pop() ?? Number.NaN;
  expect(sending.comingBack).toEqual([]);
  sending.pass(seconds / 60);
  await sending.send();
  return sending.exchange.taken.length - before;
}

test('thirty a minute: the rest comes back when it may, by one queue entry, and is not deferred', async () => {
  const sending = await startWithLimits();
  const ids: string[] = [];
  for (let n = 0; n < 65; n++) ids.push((await sending.accept(`Message ${String(n)}`)).id);
  await sending.send();
  expect(sending.exchange.taken).toHaveLength(30);
  expect((await sending.message(ids[30] ?? '')).status).toBe('queued');
  expect(sending.comingBack).toEqual([61]);

  // Whoever comes meanwhile costs no login and leaves no more entries.
  for (let n = 0; n < 3; n++) await sending.send();
  expect(sending.exchange.logins).toBe(1);
  expect(sending.comingBack).toHaveLength(1);
  sending.queued.length = 0;
  await queueDueMessages(sending.call(), sending.ports);
  expect(sending.queued).toEqual([]);

  expect(await whenBack(sending)).toBe(30);
  expect(await whenBack(sending)).toBe(5);
  expect(sending.comingBack).toEqual([]);
  expect(sending.exchange.taken.map((messageId) => messageId.slice(1, messageId.indexOf('@')))).toEqual(ids);
});

test('the queue entry comes back also when somebody left word meanwhile', async () => {
  const sending = await startWithLimits();
  for (let n = 0; n < 31; n++) await sending.accept('Message');
  const openOutgoing: typeof sending.ports.openOutgoing = async (...login) => {
    await sendDueMessages(sending.call(), serverId, sending.ports);
    return sending.exchange.openOutgoing(...login);
  };
  await sendDueMessages(sending.call(), serverId, { ...sending.ports, openOutgoing });
  expect(sending.exchange.taken).toHaveLength(30);
  expect(sending.comingBack).toEqual([61]);
});

test('two servers of one account share its minute and its one connection', async () => {
  const sending = await startWithLimits();
  const two = serverFor('grace@contoso.example', { id: otherId, limits: exchangeLimits });
  await sending.ports.outgoingServers.add(otherId, two);
  for (let n = 0; n < 20; n++) {
    await sending.accept('Mine');
    await sending.accept('Other', { from: 'grace@contoso.example' });
  }
  await Promise.all([sending.send(), sendDueMessages(sending.call(), otherId, sending.ports)]);
  for (let turn = 0; turn < 6; turn++) {
    await sending.send();
    await sendDueMessages(sending.call(), otherId, sending.ports);
  }
  expect(sending.exchange.taken).toHaveLength(30);
  expect(sending.exchange.mostConnections).toBe(1);
  sending.pass(2);
  await sending.send();
  await sendDueMessages(sending.call(), otherId, sending.ports);
  expect(sending.exchange.taken).toHaveLength(40);
});

test('a crash never makes it more than the limit', async () => {
  const sending = await startWithLimits();
  for (let n = 0; n < 40; n++) await sending.accept('Message');
  for (let crash = 0; crash < 4; crash++) {
    const { changes } = sending.storage;
    sending.storage.beforeChange = () => {
      if (sending.storage.changes > changes + 6 + crash) throw smtpError('storage-unavailable');
    };
    await sending.send().catch(() => undefined);
    sending.storage.beforeChange = () => undefined;
    await sending.expireLease();
    sending.pass(0.1);
  }
  await sending.sendElsewhere();
  expect(sending.exchange.taken.length).toBeGreaterThan(3);
  expect(sending.exchange.taken.length).toBeLessThanOrEqual(30);
  for (let minute = 0; minute < 6; minute++) {
    sending.pass(1);
    await sending.sendElsewhere();
  }
  expect(sending.exchange.taken).toHaveLength(40);
  expect(new Set(sending.exchange.taken).size).toBe(40);
});

test('a day’s recipients: a warning at 80 %, then the queue is parked, not failed, until the window moves', async () => {
  const sending = await startWithLimits({ perMinute: 1000, recipientsPerDay: 10 });
  for (let n = 0; n < 4; n++) await sending.accept('To two', { to: ['a@b.example', 'b@b.example'] });
  await sending.send();
  expect(sending.log.join('\n')).toContain('nearly sent to as many recipients');
  const fits = await sending.accept('To two more', { to: ['a@b.example', 'b@b.example'] });
  const parked = await sending.accept('One too many');
  await sending.send();
  expect((await sending.message(fits.id)).status).toBe('sent');
  const until = '2026-11-23T13:00:00.000Z';
  expect(await sending.message(parked.id)).toMatchObject({
    status: 'deferred',
    attempts: 0,
    nextAttemptAt: until,
    cause: { code: 'sending-limit-reached' },
  });
  sending.pass(60);
  await sending.send();
  expect(sending.exchange.taken).toHaveLength(5);
  sending.pass(24 * 60);
  await sending.send();
  expect((await sending.message(parked.id)).status).toBe('sent');
});

test('raised limits end the wait at once', async () => {
  const sending = await startWithLimits({ recipientsPerDay: 1 });
  await sending.accept('First');
  const second = await sending.accept('Second');
  await sending.send();
  expect((await sending.message(second.id)).status).toBe('deferred');
  await sending.changeServer({ limits: exchangeLimits });
  await sending.send();
  expect((await sending.message(second.id)).status).toBe('sent');
});

test('a mailbox that is throttled waits with all its servers, and no message is to blame', async () => {
  const sending = await startWithLimits();
  await sending.ports.outgoingServers.add(otherId, serverFor('grace@contoso.example', { id: otherId }));
  const met = await sending.accept('Met it');
  const other = await sending.accept('Through another server', { from: 'grace@contoso.example' });
  sending.exchange.mishaps.push({
    refuse: smtpError('mail-server-busy', '550 5.2.252 throttled', { retryAfter: 7200 }),
  });
  await sending.send();
  expect(await sending.message(met.id)).toMatchObject({ status: 'deferred', attempts: 0 });
  expect(sending.comingBack).toEqual([7200]);
  await sendDueMessages(sending.call(), otherId, sending.ports);
  expect(sending.exchange.logins).toBe(1);
  sending.pass(121);
  await sending.send();
  await sendDueMessages(sending.call(), otherId, sending.ports);
  expect((await sending.message(met.id)).status).toBe('sent');
  expect((await sending.message(other.id)).status).toBe('sent');
});

test('too many connections: tried again soon, with a back-off of its own, and no attempt is used up', async () => {
  const sending = await startWithLimits();
  const { id } = await sending.accept('Crowded');
  const waits: number[] = [];
  for (let n = 0; n < 4; n++) {
    sending.exchange.mishaps.push({ refuse: smtpError('mail-server-busy', '432 4.3.2 sender thread limit exceeded') });
    await sending.send();
    waits.push(sending.comingBack.pop() ?? 0);
    expect(await sending.message(id)).toMatchObject({ status: 'deferred', attempts: 0 });
    sending.pass(6);
  }
  expect(waits.map((wait) => [15, 30, 60, 120].findLast((step) => step * 0.8 <= wait))).toEqual([15, 30, 60, 120]);
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'sent', attempts: 1 });
});

test('whoever hands over mail is told when it is likely to go', async () => {
  const sending = await startWithLimits();
  const minutes: number[] = [];
  for (let n = 0; n < 90; n++) {
    const { estimatedSendAt, createdAt } = await sending.accept('Message');
    minutes.push((Date.parse(estimatedSendAt) - Date.parse(createdAt)) / 60_000);
  }
  expect(minutes.slice(0, 30).every((minute) => minute === 0)).toBe(true);
  expect(minutes[59]).toBeCloseTo(1, 1);
  expect(minutes[89]).toBeCloseTo(2, 1);
  const urgent = await sending.accept('Urgent', { priority: 'high' });
  expect(urgent.estimatedSendAt).toBe(urgent.createdAt);
});
