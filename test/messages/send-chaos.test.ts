import { expect, test } from 'vitest';
import { sendDueMessages } from '../../functions/messages/send-due-messages.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError, type Mishap } from './exchange-for-test.ts';
import { serverFor, serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const otherId = 'out_bbbbbbbbbb';
const servers = [serverId, otherId];
const count = 160;

/** Numbers from 0 to 1, the same in every run (a linear congruential generator). */
function createChance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

function mishapOf(chance: number): Mishap {
  if (chance < 0.06) return 'drops-before';
  if (chance < 0.12) return 'drops-taken';
  if (chance < 0.18) return 'drops-not-taken';
  if (chance < 0.24) return { refuse: smtpError('mail-server-busy', '450 4.2.0 try later') };
  if (chance < 0.3) return { refuse: smtpError('recipient-refused', '550 5.1.1 no such user') };
  if (chance < 0.33) return { refuse: smtpError('mail-server-busy', '432 4.3.2 thread limit') };
  return { meanwhile: () => Promise.resolve() };
}

/** One storm: both servers' senders at once, some of them twice, while storage fails and a process may die. */
async function storm(sending: Sending, chance: () => number): Promise<void> {
  const dies = chance() < 0.4;
  const lastChange = sending.storage.changes + Math.floor(chance() * 30);
  const away = (): never => {
    throw new GatewayError('storage-unavailable', 'Storage answered 503.');
  };
  sending.storage.beforeChange = () => {
    if ((dies && sending.storage.changes > lastChange) || chance() < 0.02) away();
  };
  sending.storage.afterChange = () => {
    if (chance() < 0.02) away();
  };
  sending.exchange.mishaps.length = 0;
  sending.exchange.mishaps.push(...Array.from({ length: 40 }, () => mishapOf(chance())));
  const runs = [...servers, serverId].map((id) => sendDueMessages(sending.call(), id, sending.ports));
  await Promise.allSettled([...runs, sending.sendElsewhere()]);
  sending.storage.beforeChange = () => undefined;
  sending.storage.afterChange = () => undefined;
  for (const id of servers) if (chance() < 0.7) await sending.expireLease(id).catch(() => undefined);
  sending.pass(1 + chance() * 10);
}

async function workLeft(sending: Sending): Promise<number> {
  const left = await Promise.all(servers.map((id) => sending.ports.messages.due(id, new Date('2030-01-01'), count)));
  return left.flat().length;
}

test('whatever fails and whoever dies, every message ends in one state, and is sent once or not at all', async () => {
  const sending = await startSending(storage);
  const chance = createChance(20_261_123);
  await sending.ports.outgoingServers.add(otherId, serverFor('grace@contoso.example', { id: otherId }));
  await sending.ports.destinations.add('dst_aaaaaaaaaa', {
    ...{
      id: 'dst_aaaaaaaaaa',
      kind: 'webhook',
      state: 'active',
      name: 'Hook',
      url: 'https://hook.example',
      secretName: 's',
    },
    events: ['message.sent', 'message.failed'],
    createdAt: sending.now().toISOString(),
    concurrency: 1,
  });
  const messages = [];
  for (let n = 0; n < count; n++) {
    const from = n % 2 ? 'ada@contoso.example' : 'grace@contoso.example';
    const priority = ['bulk', 'normal', 'high'][n % 3];
    messages.push(await sending.accept(`Message ${String(n)}`, { from, priority }));
  }

  for (let round = 0; round < 25; round++) await storm(sending, chance);
  sending.exchange.mishaps.length = 0;
  // The hours that follow are of the senders' clock; a lease that a dead one left runs out by the real one.
  for (const id of servers) await sending.expireLease(id).catch(() => undefined);
  for (let hour = 0; hour < 12 && (await workLeft(sending)) > 0; hour++) {
    sending.pass(60);
    for (const id of servers) await sendDueMessages(sending.call(), id, sending.ports);
  }

  expect(await workLeft(sending)).toBe(0);
  const { taken } = sending.exchange;
  const { data } = await sending.ports.deliveries.list({ owners: ['dst_aaaaaaaaaa'], limit: 2 * count });
  const outcomes = new Map<string, number>();
  for (const { id, messageId } of messages) {
    const { status } = await sending.message(id);
    outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
    expect(taken.filter((one) => one === messageId)).toHaveLength(status === 'sent' ? 1 : 0);
    expect(data.filter(({ event }) => event.about === id).map(({ event }) => event.type)).toEqual([
      `message.${status}`,
    ]);
  }
  expect([...outcomes.keys()].toSorted()).toEqual(['failed', 'sent']);
  expect(taken.length).toBeGreaterThan(count / 2);
}, 120_000);
