import { describe, expect, test } from 'vitest';
import { queueDueMessages } from '../../functions/messages/queue-due-messages.ts';
import { GatewayError, type ErrorCode } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const minutesUntil = (sending: Sending, time = ''): number => (Date.parse(time) - sending.now().getTime()) / 60_000;

/** Whether the timer would wake the server now. */
async function isSwept(sending: Sending): Promise<boolean> {
  sending.queued.length = 0;
  await queueDueMessages(sending.call(), sending.ports);
  return sending.queued.includes(serverId);
}

describe('a server that cannot be logged in to', () => {
  const troubles: [ErrorCode, string][] = [
    ['mail-server-unreachable', ''],
    ['mail-server-untrusted', ''],
    ['mail-server-busy', '421 4.3.2 closing'],
    ['mail-login-refused', '535 5.7.3 Authentication unsuccessful'],
    ['smtp-auth-disabled', '535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox'],
    ['reauth-required', ''],
    ['app-credential-refused', ''],
    ['sign-in-unavailable', ''],
  ];

  test.each(troubles)('%s: the messages wait, in their order, and are sent when it is over', async (code, reply) => {
    const sending = await startSending(storage);
    const ids = [(await sending.accept('One')).id, (await sending.accept('Two')).id];
    // A refused login is tried once more with a fresh token.
    const error = smtpError(code, reply, { remedy: 'Do something.' });
    sending.exchange.refusedLogins.push(error, ...(code === 'mail-login-refused' ? [error] : []));
    await sending.send();

    const { notBefore, lastError, failures } = (await sending.state()) ?? { failures: 0 };
    expect(failures).toBe(1);
    expect(lastError).toMatchObject({ code, remedy: 'Do something.' });
    expect(minutesUntil(sending, notBefore)).toBeGreaterThanOrEqual(0.8);
    for (const id of ids) {
      expect(await sending.message(id)).toMatchObject({
        status: 'deferred',
        nextAttemptAt: notBefore,
        attempts: 0,
        cause: { code, remedy: 'Do something.' },
      });
    }

    // Nothing is tried before its time, whoever asks.
    const { logins } = sending.exchange;
    await sending.send();
    expect(await isSwept(sending)).toBe(false);
    expect(sending.exchange.logins).toBe(logins);

    sending.pass(1.3);
    expect(await isSwept(sending)).toBe(true);
    await sending.send();
    expect(sending.exchange.taken.map((messageId) => messageId.slice(1, messageId.indexOf('@')))).toEqual(ids);
    expect(await sending.state()).toEqual({ failures: 0, lastSentAt: sending.now().toISOString() });
    const { cause, nextAttemptAt } = await sending.message(ids[0] ?? '');
    expect({ cause, nextAttemptAt }).toEqual({});
  });

  test('it is tried ever more seldom, and its messages fail after two days', async () => {
    const sending = await startSending(storage);
    const { id } = await sending.accept('Waiting');
    const waits: number[] = [];
    while ((await sending.message(id)).status !== 'failed') {
      sending.exchange.refusedLogins.push(smtpError('mail-server-unreachable'));
      await sending.send();
      const wait = minutesUntil(sending, (await sending.state())?.notBefore);
      waits.push(wait);
      sending.pass(wait + 0.001);
    }
    expect(waits.slice(0, 5).map((wait) => [1, 2, 5, 10, 15].findLast((step) => step * 0.8 <= wait))).toEqual([
      1, 2, 5, 10, 15,
    ]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(18);
    const message = await sending.message(id);
    expect(message.cause?.code).toBe('mail-server-unreachable');
    // The same line is not written 200 times.
    expect(message.history.map(({ status }) => status)).toEqual(['queued', 'deferred', 'failed']);
    expect(sending.now().getTime() - Date.parse(message.createdAt)).toBeGreaterThan(48 * 3_600_000);
    expect(await isSwept(sending)).toBe(false);
  });

  test('a consent ends the wait at once', async () => {
    const sending = await startSending(storage);
    const { id } = await sending.accept('Waiting for somebody');
    sending.exchange.refusedLogins.push(smtpError('reauth-required'));
    await sending.send();
    expect(await sending.state()).toHaveProperty('notBefore');
    // Connected before the attempt: that was the consent that did not help.
    await sending.changeAccount({ connectedAt: sending.now().toISOString() });
    await sending.send();
    expect((await sending.message(id)).status).toBe('deferred');

    sending.pass(0.1);
    await sending.changeAccount({ connectedAt: sending.now().toISOString() });
    expect(await isSwept(sending)).toBe(true);
    await sending.send();
    expect((await sending.message(id)).status).toBe('sent');
  });

  test('mail waits for weeks for a consent, and has its two days after it', async () => {
    const sending = await startSending(storage);
    const accepted = await Promise.all([...Array(35).keys()].map((n) => sending.accept(`Waiting ${n}`)));
    const { exchange } = sending;
    for (let days = 0; days < 20; days++) {
      exchange.refusedLogins.push(smtpError('reauth-required'));
      await sending.send();
      sending.pass(24 * 60);
    }
    await sending.changeAccount({ state: 'connected', connectedAt: sending.now().toISOString() });
    exchange.refusedLogins.splice(0, exchange.refusedLogins.length, smtpError('mail-server-unreachable'));
    await sending.send();
    for (const { id } of accepted) expect((await sending.message(id)).status).not.toBe('failed');
    sending.pass(30);
    await sending.send();
    for (const { id } of accepted) expect((await sending.message(id)).status).toBe('sent');
  });

  test('changed settings end the wait at once', async () => {
    const sending = await startSending(storage);
    const { id } = await sending.accept('Waiting for the right port');
    sending.exchange.refusedLogins.push(smtpError('mail-server-unreachable'));
    await sending.send();
    expect(await isSwept(sending)).toBe(false);
    await sending.changeServer({ port: 2525 });
    expect(await isSwept(sending)).toBe(true);
    await sending.send();
    expect((await sending.message(id)).status).toBe('sent');
  });

  test('a consent in the middle of an attempt is not overlooked', async () => {
    const sending = await startSending(storage);
    const { id } = await sending.accept('Waiting for somebody');
    sending.exchange.refusedLogins.push(smtpError('reauth-required'));
    const { openOutgoing } = sending.exchange;
    const ports = {
      ...sending.ports,
      openOutgoing: async (...login: Parameters<typeof openOutgoing>) => {
        sending.pass(0.1);
        await sending.changeAccount({ connectedAt: sending.now().toISOString() });
        sending.pass(0.1);
        return openOutgoing(...login);
      },
    };
    const { sendDueMessages } = await import('../../functions/messages/send-due-messages.ts');
    await sendDueMessages(sending.call(), serverId, ports);
    expect((await sending.message(id)).status).toBe('deferred');
    await sending.send();
    expect((await sending.message(id)).status).toBe('sent');
  });
});

describe('a refusal that concerns the mailbox', () => {
  const replies: [ErrorCode, string][] = [
    ['mail-server-busy', '421 4.4.2 Message submission rate for this client has exceeded the configured limit'],
    ['mail-server-busy', '451 4.7.0 Temporary server error. Please try again later.'],
    ['mail-login-refused', '530 5.7.57 Client not authenticated to send mail.'],
    ['mail-server-unreachable', ''],
  ];
  test.each(replies)('%s %s: is not repeated for every message', async (code, reply) => {
    const sending = await startSending(storage);
    const met = await sending.accept('Met it');
    const others = [(await sending.accept('Second')).id, (await sending.accept('Third')).id];
    sending.exchange.mishaps.push(
      code === 'mail-server-unreachable' ? 'drops-before' : { refuse: smtpError(code, reply) },
    );
    await sending.send();
    expect(sending.exchange.mishaps).toEqual([]);
    expect(sending.exchange.taken).toEqual([]);
    expect(sending.exchange.logins).toBe(1);
    expect(await sending.message(met.id)).toMatchObject({ status: 'deferred', attempts: 1, cause: { code } });
    expect(await sending.message(others[1] ?? '')).toMatchObject({ status: 'deferred', attempts: 0, cause: { code } });
    sending.pass(1.3);
    await sending.send();
    expect(sending.exchange.taken).toHaveLength(3);
  });

  test('the time the server names is kept', async () => {
    const sending = await startSending(storage);
    const { id } = await sending.accept('One too many');
    await sending.accept('The next');
    const quota = smtpError('mail-server-busy', '554 5.2.0 SubmissionQuotaExceededException', { retryAfter: 3600 });
    sending.exchange.mishaps.push({ refuse: quota });
    await sending.send();
    expect(minutesUntil(sending, (await sending.state())?.notBefore)).toBe(60);
    expect(minutesUntil(sending, (await sending.message(id)).nextAttemptAt)).toBe(60);
    sending.pass(59);
    await sending.send();
    expect(sending.exchange.logins).toBe(1);
    sending.pass(2);
    await sending.send();
    expect(sending.exchange.taken).toHaveLength(2);
  });

  test('a message that breaks every connection does not hold up the ones behind it', async () => {
    const sending = await startSending(storage);
    sending.exchange.poison = 'breaks-connections';
    const poison = await sending.accept('breaks-connections');
    const others = [(await sending.accept('Fine')).id, (await sending.accept('Fine, too')).id];
    await sending.send();
    expect(sending.exchange.taken).toEqual([]);
    sending.pass(1.3);
    await sending.send();
    for (const id of others) expect((await sending.message(id)).status).toBe('sent');
    expect((await sending.message(poison.id)).status).toBe('deferred');
    // Tried ever more seldom, and between two tries mail flows.
    for (let minute = 0; minute < 30; minute++) {
      sending.pass(1);
      await sending.accept('More');
      await sending.send();
    }
    sending.pass(2);
    await sending.send();
    expect(sending.exchange.taken).toHaveLength(2 + 30);
    expect((await sending.message(poison.id)).attempts).toBeLessThan(12);
  });
});

test('a temporary refusal of one message does not stop the others', async () => {
  const sending = await startSending(storage);
  const first = await sending.accept('Deferred');
  const second = await sending.accept('Sent');
  sending.exchange.mishaps.push({ refuse: smtpError('mail-server-busy', '450 4.2.1 mailbox busy') });
  await sending.send();
  expect((await sending.message(first.id)).status).toBe('deferred');
  expect((await sending.message(second.id)).status).toBe('sent');
  expect(await sending.state()).toMatchObject({ failures: 0 });
});

test('an account whose grant died is marked, and says what to do', async () => {
  const sending = await startSending(storage);
  await sending.accept('Waiting');
  const died = new GatewayError('reauth-required', 'AADSTS50173', { data: { remedy: 'Connect it again.' } });
  sending.exchange.refusedLogins.push(died);
  await sending.send();
  const [account] = await sending.ports.accounts.list();
  expect(account?.value).toMatchObject({ state: 'reauth-required', cause: { remedy: 'Connect it again.' } });
});
