import { expect, test, vi } from 'vitest';
import { composeMime } from '../../functions/mail/nodemailer-mime-composer.ts';
import { isPlanned } from '../../functions/messages/accepted.ts';
import { acceptMessage } from '../../functions/messages/accept-message.ts';
import { fingerprintOf, idempotencyIdOf } from '../../functions/messages/idempotency.ts';
import { messageRequest } from '../../functions/messages/message-request.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { serverFor, serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const key = 'order 4711';

async function allMessages(sending: Sending): Promise<string[]> {
  return (await sending.ports.messages.list({ owners: [serverId], limit: 100 })).data.map(({ id }) => id);
}

/** The process dies between remembering the key and keeping the message. */
async function dieBeforeKeeping(sending: Sending, subject: string): Promise<void> {
  sending.storage.beforeChange = (table) => {
    if (table === 'messages') throw new GatewayError('storage-unavailable', 'The process is gone.');
  };
  await expect(sending.accept(subject, {}, key)).rejects.toMatchObject({ code: 'storage-unavailable' });
  sending.storage.beforeChange = () => undefined;
  expect(await allMessages(sending)).toEqual([]);
}

test('the same request again gets the same answer, and makes no other message', async () => {
  const sending = await startSending(storage);
  const first = await sending.accept('Once', {}, key);
  sending.queued.length = 0;
  expect(await sending.accept('Once', {}, key)).toEqual(first);
  expect(await allMessages(sending)).toEqual([first.id]);
  expect(sending.queued).toEqual([]);
  expect((await sending.accept('Once', {}, 'another key')).id).not.toBe(first.id);
  expect((await sending.accept('Once')).id).not.toBe(first.id);
});

test('another body with the same key is refused', async () => {
  const sending = await startSending(storage);
  await sending.accept('Once', {}, key);
  await expect(sending.accept('Twice', {}, key)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  expect(await allMessages(sending)).toHaveLength(1);
});

test('of ten at once exactly one is taken, and the others are told of it or to wait', async () => {
  const sending = await startSending(storage);
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => sending.accept('Once', {}, key)));
  const ids = await allMessages(sending);
  expect(ids).toHaveLength(1);
  const told = answers.map((answer) =>
    answer.status === 'fulfilled' ? answer.value.id : (answer.reason as GatewayError).code,
  );
  expect(told).toContain(ids[0]);
  expect(told.filter((one) => one !== ids[0] && one !== 'idempotency-key-in-use')).toEqual([]);
});

test('what was taken stands when the servers have changed since', async () => {
  const sending = await startSending(storage);
  const first = await sending.accept('Once', {}, key);
  await sending.changeServer({ fromFilter: ['somebody@else.example'] });
  await expect(sending.accept('Once')).rejects.toMatchObject({ code: 'from-not-allowed' });
  expect(await sending.accept('Once', {}, key)).toEqual(first);
  await expect(sending.accept('Twice', {}, key)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
});

test('a crash before the message was kept: the repeat waits, then completes the same message', async () => {
  const sending = await startSending(storage);
  await dieBeforeKeeping(sending, 'Once');
  await expect(sending.accept('Once', {}, key)).rejects.toMatchObject({
    code: 'idempotency-key-in-use',
    data: { retryAfter: 5 },
  });
  sending.pass(0.3);
  const remembered = (await sending.ports.idempotency.list())[0]?.value.planned.find(isPlanned)?.answer;
  const repeats = await Promise.all([sending.accept('Once', {}, key), sending.accept('Once', {}, key)]);
  expect(repeats).toEqual([remembered, remembered]);
  expect(await allMessages(sending)).toEqual([remembered?.id]);
  await sending.send();
  expect(sending.exchange.taken).toEqual([remembered?.messageId]);
});

test('a first request that was only slow, and the repeat that took its place, make one message', async () => {
  const sending = await startSending(storage);
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<undefined>();
  const slowly: Sending['ports'] = {
    ...sending.ports,
    async composeMime(parts) {
      await mayGoOn;
      return composeMime(parts);
    },
  };
  const request = messageRequest.parse({ from: 'ada@contoso.example', to: 'grace@contoso.example', text: 'Once' });
  const slow = acceptMessage(sending.call(), request, key, slowly);
  await vi.waitUntil(async () => (await sending.ports.idempotency.list()).length === 1);
  sending.pass(0.3);
  const repeated = await acceptMessage(sending.call(), request, key, sending.ports);
  await sending.send();
  goOn(undefined);
  expect((await slow).answer).toEqual(repeated.answer);
  await sending.send();
  expect(await allMessages(sending)).toEqual([repeated.answer.id]);
  expect(sending.exchange.taken).toEqual([repeated.answer.messageId]);
  expect((await sending.message(repeated.answer.id)).status).toBe('sent');
});

test('a repeat after a crash completes the message as it was planned, though the servers have changed', async () => {
  const sending = await startSending(storage);
  await dieBeforeKeeping(sending, 'Once');
  sending.pass(0.3);
  // Now the same From would go through another server, as somebody else.
  await sending.ports.domains.add('contoso.example', { domain: 'contoso.example', defaultFrom: 'notifications' });
  const other = serverFor('notifications@contoso.example', { id: 'out_bbbbbbbbbb' });
  await sending.ports.outgoingServers.add(other.id, other);
  await sending.changeServer({ fromFilter: ['somebody@else.example'] });

  const answer = await sending.accept('Once', {}, key);
  expect(answer).toMatchObject({ outgoingServer: serverId, from: 'ada@contoso.example' });
  await sending.send();
  expect(await sending.message(answer.id)).toMatchObject({
    status: 'sent',
    from: 'ada@contoso.example',
    envelope: { from: 'ada@contoso.example' },
  });
  expect(sending.exchange.contents[0]).toMatch(/^From: ada@contoso\.example\r$/m);
});

test('a key that storage kept without being able to say so is not in use by somebody else', async () => {
  const sending = await startSending(storage);
  sending.storage.afterChange = (table) => {
    if (table === 'idempotency') throw new GatewayError('storage-unavailable', 'The answer was lost.');
  };
  const { id } = await sending.accept('Once', {}, key);
  expect(await allMessages(sending)).toEqual([id]);
});

test('a first request that is refused leaves its key unused', async () => {
  const sending = await startSending(storage);
  await expect(sending.accept('Once', { from: 'x@else.example' }, key)).rejects.toMatchObject({
    code: 'from-not-allowed',
  });
  await sending.accept('Once', {}, key);
  expect(await allMessages(sending)).toHaveLength(1);
});

test('keys belong to their callers', () => {
  expect(idempotencyIdOf('key_a', 'one')).not.toBe(idempotencyIdOf('key_b', 'one'));
  expect(idempotencyIdOf('key_a', 'one')).toBe(idempotencyIdOf('key_a', 'one'));
});

test('a key is 1 to 256 printable characters', async () => {
  const sending = await startSending(storage);
  await sending.accept('Longest', {}, '~'.repeat(256));
  for (const wrong of ['', 'x'.repeat(257), 'tab\t', 'umlaut ü'])
    await expect(sending.accept('Wrong', {}, wrong)).rejects.toMatchObject({
      code: 'request-invalid',
      data: { errors: [{ pointer: 'Idempotency-Key' }] },
    });
});

test('bodies are the same whatever the order of their fields and the wrapping of base64', () => {
  const one = { to: ['a'], headers: { A: '1', B: '2' }, content: new Uint8Array([1, 2]) };
  const same = { content: Buffer.from([1, 2]), headers: { B: '2', A: '1' }, to: ['a'] };
  expect(fingerprintOf(one)).toBe(fingerprintOf(same));
  for (const other of [
    { ...one, to: ['b'] },
    { ...one, content: Buffer.from([2, 1]) },
    { ...one, headers: { A: '1' } },
  ])
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(one));
});
