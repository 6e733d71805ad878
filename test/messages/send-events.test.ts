import { expect, test } from 'vitest';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { SubscribableEvent } from '../../functions/events/event.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const destination = 'dst_aaaaaaaaaa';

async function startListening(events: SubscribableEvent[]): Promise<Sending> {
  const sending = await startSending(storage);
  await sending.ports.destinations.add(destination, {
    ...{
      id: destination,
      kind: 'webhook',
      state: 'active',
      name: 'Hook',
      url: 'https://hook.example',
      secretName: 's',
    },
    events,
    createdAt: sending.now().toISOString(),
    concurrency: 1,
  });
  return sending;
}

async function told(sending: Sending): Promise<readonly Delivery['event'][]> {
  const { data } = await sending.ports.deliveries.list({ owners: [destination], limit: 200 });
  return data.map(({ event }) => event).toReversed();
}

async function workLeft(sending: Sending): Promise<number> {
  return (await sending.ports.messages.due(serverId, new Date('2030-01-01'), 100)).length;
}

test('tells what became of each message, with its tags and recipients, in few requests', async () => {
  const sending = await startListening(['message.sent', 'message.failed', 'message.deferred']);
  const { id } = await sending.accept('Sent', { tags: ['order'], metadata: { number: '7' } });
  for (let n = 0; n < 20; n++) await sending.accept('More');
  const refused = await sending.accept('Refused', { to: 'nobody@b.example' });
  for (let n = 0; n < 21; n++) sending.exchange.mishaps.push({ meanwhile: () => Promise.resolve() });
  sending.exchange.mishaps.push({ refuse: smtpError('recipient-refused', '550 5.1.1 no such user') });
  sending.storage.changes = 0;
  await sending.send();
  // Of 22 messages: one each, their deliveries and their end together, and the run's own.
  expect(sending.storage.changes).toBeLessThanOrEqual(22 + 8);

  const events = await told(sending);
  expect(events).toHaveLength(22);
  const first = events.find(({ about }) => about === id);
  expect(first).toMatchObject({
    type: 'message.sent',
    data: { id, status: 'sent', tags: ['order'], metadata: { number: '7' }, recipients: [{ status: 'sent' }] },
  });
  expect(Object.keys(first?.data ?? {})).not.toContain('caller');
  expect(events.find(({ about }) => about === refused.id)).toMatchObject({
    type: 'message.failed',
    data: {
      cause: { code: 'recipient-refused' },
      recipients: [{ status: 'refused', reply: '550 5.1.1 no such user' }],
    },
  });
  expect(await workLeft(sending)).toBe(0);
});

test('a deferral is told once for each reason, not for each attempt', async () => {
  const sending = await startListening(['message.deferred']);
  const { id } = await sending.accept('Later');
  for (const reply of ['450 4.2.0 busy', '450 4.2.0 busy', '451 4.3.0 ill', '450 4.2.0 busy']) {
    sending.exchange.mishaps.push({ refuse: smtpError('mail-server-busy', reply) });
    await sending.send();
    expect((await sending.message(id)).nextAttemptAt).toBeDefined();
    sending.pass(15);
  }
  const events = await told(sending);
  expect(events.map(({ type }) => type)).toEqual(['message.deferred', 'message.deferred']);
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
  expect(await told(sending)).toHaveLength(2);
});

const crashes = Array.from({ length: 14 }, (_, index) => index + 1);
test.each(crashes)('the process dies at change %i: the events come all the same, each once', async (last) => {
  const sending = await startListening(['message.sent', 'message.failed']);
  const ids = [(await sending.accept('One')).id, (await sending.accept('Two')).id, (await sending.accept('Three')).id];
  sending.exchange.mishaps.push({ refuse: smtpError('message-refused', '554 no') });
  sending.storage.changes = 0;
  sending.storage.beforeChange = () => {
    if (sending.storage.changes > last) throw new GatewayError('storage-unavailable', 'Storage is away.');
  };
  await sending.send().catch(() => undefined);
  await sending.expireLease();
  for (let minute = 0; minute < 10 && (await workLeft(sending)) > 0; minute++) {
    await sending.sendElsewhere();
    sending.pass(1);
  }
  expect(await workLeft(sending)).toBe(0);
  const events = await told(sending);
  expect(events.map(({ about }) => about).toSorted()).toEqual(ids.toSorted());
  for (const id of ids) {
    const { status } = await sending.message(id);
    expect(events.find(({ about }) => about === id)?.type).toBe(`message.${status}`);
  }
});
