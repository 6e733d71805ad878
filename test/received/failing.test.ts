import { beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../../functions/events/delivery.ts';
import { queueDueMailboxes } from '../../functions/received/queue-due-mailboxes.ts';
import { GatewayError, type ErrorCode } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { destinationId, serverId, startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
const day = 24 * 60;
let reading: Reading;

beforeEach(async () => {
  reading = await startReading(storage);
  await reading.ports.destinations.add(destinationId, {
    id: destinationId,
    name: 'Watcher',
    kind: 'webhook',
    url: 'https://watcher.example',
    secretName: 'secret',
    events: ['incoming.failing', 'incoming.disabled'],
    state: 'active',
    concurrency: 1,
    createdAt: reading.now().toISOString(),
  });
});

function breakDown(code: ErrorCode = 'mailbox-not-opened'): void {
  reading.mailbox.before = () => {
    throw new GatewayError(code, 'It does not open.', { data: { remedy: 'Mend it.' } });
  };
}

async function fail(times: number, minutesBetween = 15): Promise<void> {
  for (let time = 0; time < times; time++) {
    reading.pass(minutesBetween);
    await reading.fetch();
  }
}

const told = async (type: string): Promise<Delivery[]> =>
  (await reading.deliveries()).filter(({ event }) => event.type === type);
const serverState = async () => (await reading.ports.incomingServers.get(serverId))?.value.state;

test('the third failure in a row is told, once, with its cause and remedy', async () => {
  breakDown();
  await fail(2);
  expect(await told('incoming.failing')).toEqual([]);
  await fail(3);
  expect(await told('incoming.failing')).toMatchObject([
    {
      event: {
        about: serverId,
        data: { name: 'Ada', failures: 3, cause: { code: 'mailbox-not-opened', remedy: 'Mend it.' } },
      },
    },
  ]);
  reading.mailbox.before = () => undefined;
  await fail(1);
  breakDown();
  await fail(3);
  expect(await told('incoming.failing')).toHaveLength(2);
});

test('a third failure that a crash keeps from being kept is told all the same, and once', async () => {
  breakDown();
  await fail(2);
  reading.beforeStorage = (asked) => {
    if (asked === 'table state change') throw new Error('Killed.');
  };
  await expect(fail(1)).rejects.toThrow();
  expect((await reading.state()).failures).toBe(2);
  reading.beforeStorage = () => undefined;
  await fail(1);
  expect((await reading.state()).failures).toBe(3);
  expect(await told('incoming.failing')).toHaveLength(1);
});

test('mail that comes through ends a row of failures', async () => {
  breakDown();
  await fail(2);
  for (let count = 0; count < 110; count++) reading.mailbox.deliver(`Subject: ${count}\r\n\r\n`, reading.now());
  let reads = 0;
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('read') && ++reads === 2)
      throw new GatewayError('mail-server-busy', 'Throttled.', { data: { retryAfter: 9 } });
  };
  await fail(1);
  expect((await reading.state()).failures).toBe(1);
});

test('a server that has failed for five days is disabled, told once, and goes on where it was', async () => {
  reading.mailbox.deliver('Subject: before\r\n\r\n', reading.now());
  await reading.fetch();
  breakDown();
  await fail(60, (5 * day) / 60);
  expect(await serverState()).toBe('confirmed');
  reading.mailbox.deliver('Subject: meanwhile\r\n\r\n', reading.now());
  await fail(2, day);
  expect(await serverState()).toBe('disabled');
  expect(await told('incoming.disabled')).toMatchObject([
    {
      event: {
        data: {
          state: 'disabled',
          cause: { code: 'mailbox-not-opened', remedy: 'Mend it.' },
          confirmPath: `/v1/incoming-servers/${serverId}/confirm`,
        },
      },
    },
  ]);
  expect((await reading.state()).lastError).toMatchObject({ code: 'mailbox-not-opened' });

  reading.mailbox.before = () => undefined;
  await reading.confirm();
  breakDown();
  // What was before does not count any longer.
  await fail(1);
  expect(await serverState()).toBe('confirmed');
  reading.mailbox.before = () => undefined;
  await reading.fetch();
  expect((await reading.ledger()).map(({ subject }) => subject)).toEqual(['meanwhile', 'before']);
}, 60_000);

test('that a server was disabled is told by the timer when a crash came between', async () => {
  breakDown();
  await fail(60, (5 * day) / 60);
  reading.beforeStorage = (asked) => {
    if (asked === 'table deliveries change') throw new Error('Killed.');
  };
  await fail(1, day);
  reading.beforeStorage = () => undefined;
  expect(await serverState()).toBe('disabled');
  expect(await told('incoming.disabled')).toEqual([]);
  await queueDueMailboxes(reading.call(), reading.ports);
  await queueDueMailboxes(reading.call(), reading.ports);
  expect(await told('incoming.disabled')).toHaveLength(1);
  expect((await reading.ports.incomingServers.get(serverId))?.value.untold).toBeUndefined();
}, 60_000);

test('days in which nobody looked do not disable a server, nor does an account that waits for a consent', async () => {
  breakDown();
  await fail(5, 2 * day);
  expect(await serverState()).toBe('confirmed');
  breakDown('reauth-required');
  await fail(60, day);
  expect(await serverState()).toBe('confirmed');
  breakDown();
  await fail(1, day);
  expect(await serverState()).toBe('confirmed');
  expect(await told('incoming.disabled')).toEqual([]);
}, 60_000);
