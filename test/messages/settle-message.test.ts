import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../functions/shared/errors.ts';
import type { Message } from '../../functions/messages/message.ts';
import {
  again,
  begun,
  foundSent,
  held,
  putOff,
  refused,
  sent,
  undecided,
} from '../../functions/messages/settle-message.ts';

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const hour = 3_600_000;
const at = (milliseconds: number): Date => new Date(noon + milliseconds);
const busy = new GatewayError('mail-server-busy', 'Busy.', { data: { upstream: { protocol: 'smtp', text: 'later' } } });
const unreachable = new GatewayError('mail-server-unreachable', 'Nobody answers.');
const forGood = new GatewayError('message-refused', 'No.', { data: { upstream: { protocol: 'smtp', text: 'no' } } });

const message: Message = {
  id: 'msg_1',
  caller: 'key_1',
  status: 'queued',
  messageId: '<1@contoso.example>',
  from: 'ada@contoso.example',
  to: ['b@c.example'],
  cc: [],
  bcc: ['d@e.example'],
  subject: 'Hello',
  outgoingServer: 'out_1',
  envelope: { from: 'ada@contoso.example', to: ['b@c.example', 'd@e.example'] },
  recipients: [
    { address: 'b@c.example', status: 'waiting' },
    { address: 'd@e.example', status: 'waiting' },
  ],
  size: 1000,
  priority: 'normal',
  attempts: 0,
  history: [{ at: at(0).toISOString(), status: 'queued' }],
  tags: [],
  metadata: {},
  createdAt: at(0).toISOString(),
};

const takenForAll = {
  reply: '250 OK',
  recipients: message.envelope.to.map((address) => ({ address, accepted: true })),
};

describe('what only described the last state does not outlive it', () => {
  const deferred = refused(begun(message, 'acc_1', at(1)), busy, at(2), 0.5).message;
  test.each([
    ['begun', begun(deferred, 'acc_1', at(3))],
    ['sent', sent(deferred, takenForAll, at(3)).message],
    ['found', foundSent(deferred, {}, at(3)).message],
    ['again', again(deferred, 'again', at(3)).message],
  ])('%s', (_, next) => {
    expect(deferred).toMatchObject({ cause: { code: 'mail-server-busy' }, nextAttemptAt: at(60_002).toISOString() });
    expect(next).not.toHaveProperty('cause');
    expect(next).not.toHaveProperty('nextAttemptAt');
  });
});

test('each attempt counts, and says with whose login it was made', () => {
  const twice = begun(begun(message, 'acc_1', at(1)), 'acc_2', at(2));
  expect(twice).toMatchObject({ status: 'sending', attempts: 2, sentBy: 'acc_2' });
});

test('finished messages have no time', () => {
  expect(sent(message, takenForAll, at(1)).dueAt).toBeUndefined();
  expect(foundSent(message, {}, at(1)).dueAt).toBeUndefined();
  expect(refused(message, forGood, at(1), 0.5).dueAt).toBeUndefined();
});

test('found in Sent Items: every recipient was taken', () => {
  const { recipients } = foundSent(message, {}, at(1)).message;
  expect(recipients.map(({ status }) => status)).toEqual(['sent', 'sent']);
});

test('who is put off alone has two days from the consent that was waited for', () => {
  const [first = '', second = ''] = message.envelope.to;
  const recipients = [
    { address: first, accepted: true },
    { address: second, accepted: false, reply: '450 Later' },
  ];
  const since = at(20 * 24 * hour).toISOString();
  const after = (hours: number) =>
    sent(message, { reply: '250 OK', recipients }, at((20 * 24 + hours) * hour), 0, since);
  expect(after(1)).toMatchObject({ message: { status: 'deferred' }, dueAt: expect.any(String) as string });
  expect(after(49).message).toMatchObject({ status: 'sent', recipients: [{ status: 'sent' }, { status: 'refused' }] });
  expect(after(49).dueAt).toBeUndefined();
});

test('failed: no recipient waits any longer', () => {
  expect(refused(message, forGood, at(1), 0.5).message).toMatchObject({
    status: 'failed',
    lastReply: 'no',
    recipients: [
      { address: 'b@c.example', status: 'refused', reply: 'no' },
      { address: 'd@e.example', status: 'refused', reply: 'no' },
    ],
  });
});

test('the server’s own waiting time is kept where it is longer', () => {
  const named = (retryAfter: number) => new GatewayError('mail-server-busy', 'Wait.', { data: { retryAfter } });
  const tried = begun(message, 'acc_1', at(0));
  expect(refused(tried, named(600), at(0), 0).dueAt).toBe(at(600_000).toISOString());
  expect(refused(tried, named(1), at(0), 0).dueAt).toBe(at(48_000).toISOString());
});

test('what is the server’s fault never fails a message before two days are over', () => {
  const disabled = new GatewayError('smtp-auth-disabled', 'Off.');
  expect(disabled.meaning.tryAgain).toBe('never');
  expect(putOff(message, disabled, at(48 * hour), 0.5).message.status).toBe('deferred');
  expect(putOff(message, disabled, at(48 * hour + 1), 0.5).message.status).toBe('failed');
  const until = at(49 * hour).toISOString();
  expect(held(message, unreachable, until, message.createdAt, at(hour))).toEqual({
    message: expect.objectContaining({ status: 'deferred', nextAttemptAt: until }) as Message,
    dueAt: message.createdAt,
  });
  expect(held(message, unreachable, until, message.createdAt, at(48 * hour + 1))).toMatchObject({
    message: { status: 'failed', cause: { code: 'mail-server-unreachable' } },
  });
});

describe('waiting for a consent', () => {
  const day = 24 * hour;
  const dead = new GatewayError('reauth-required', 'Withdrawn.');
  const blocked = new GatewayError('sign-in-blocked', 'Blocked.');
  const statusAfter = (error: GatewayError, age: number, since?: string) =>
    held(message, error, at(age).toISOString(), message.createdAt, at(age), since).message.status;

  test.each([dead, blocked])('is not held against a message, for 30 days: $code', (error) => {
    expect(statusAfter(error, 3 * day)).toBe('deferred');
    expect(statusAfter(error, 30 * day)).toBe('deferred');
    expect(statusAfter(error, 30 * day + 1)).toBe('failed');
  });

  test('counts neither when it is over: the two days begin with the consent', () => {
    const since = at(20 * day).toISOString();
    expect(statusAfter(unreachable, 20 * day + hour)).toBe('failed');
    expect(statusAfter(unreachable, 20 * day + hour, since)).toBe('deferred');
    expect(statusAfter(unreachable, 22 * day + 1, since)).toBe('failed');
    expect(refused(message, busy, at(20 * day + hour), 0.5, since).message.status).toBe('deferred');
    expect(statusAfter(unreachable, 30 * day + 1, at(30 * day).toISOString())).toBe('failed');
  });

  test('is waited for by what may have been sent, too', () => {
    const begin = begun(message, 'acc_1', at(0));
    expect(undecided(begin, 'no access', at(3 * day)).dueAt).toBeUndefined();
    expect(undecided(begin, 'no access', at(3 * day), 'after consent').dueAt).toBeDefined();
    expect(undecided(begin, 'no access', at(30 * day + 1), 'after consent').dueAt).toBeUndefined();
  });
});

test('undecided messages are looked for after a minute, then ever more seldom, at most hourly', () => {
  let unknown = undecided(begun(message, 'acc_1', at(0)), 'broke', at(0));
  const waits: number[] = [];
  let now = 0;
  while (unknown.dueAt !== undefined) {
    waits.push((Date.parse(unknown.dueAt) - noon - now) / 60_000);
    now = Date.parse(unknown.dueAt) - noon;
    unknown = undecided(unknown.message, 'no access', at(now));
  }
  expect(waits.slice(0, 8).map(Math.round)).toEqual([1, 1, 2, 4, 8, 16, 32, 60]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(61);
  expect(now / hour).toBeGreaterThan(48);
  expect(unknown.message.status).toBe('unknown');
  expect(unknown.message.history.map(({ detail }) => detail)).toEqual([undefined, undefined, 'broke', 'no access']);
});
