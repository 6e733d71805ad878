import { expect, it } from 'vitest';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { Destination } from '../../functions/events/destination.ts';
import { newEvent, receivedEvent, type SubscribableEvent } from '../../functions/events/event.ts';
import { raiseEvents } from '../../functions/events/raise-events.ts';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import { storageForTest } from '../support/storage-for-test.ts';

const at = new Date('2026-11-23T12:00:00.000Z');
const storage = storageForTest();

it('tells those who subscribe, and each of them once', async () => {
  const told: string[] = [];
  const ports = {
    destinations: createTableCollection<Destination>(storage.newTable(), 'destination'),
    deliveries: createTableRecords<Delivery>(storage.newTable(), 'dlv'),
    queues: {
      send: () => Promise.reject(new Error('Not asked for.')),
      fetch: () => Promise.reject(new Error('Not asked for.')),
      deliver: (id: string) => Promise.resolve(void told.push(id)),
    },
  };
  const add = (id: string, events: SubscribableEvent[]) =>
    ports.destinations.add(id, {
      ...{
        id,
        kind: 'webhook',
        state: 'active',
        concurrency: 8,
        name: id,
        url: 'https://hook.example',
        secretName: 's',
        createdAt: at.toISOString(),
      },
      events,
    });
  await add('dst_aaaaaaaaaa', ['account.connected']);
  await add('dst_bbbbbbbbbb', ['account.reauth_required']);

  const events = [
    newEvent('account.connected', 'acc_aaaaaaaaaa', at, { id: 'acc_aaaaaaaaaa' }),
    receivedEvent(`rcv_${'a'.repeat(30)}`, at),
  ];
  await raiseEvents(events, ports);
  await raiseEvents(events, ports);

  expect(told).toEqual(['dst_aaaaaaaaaa', 'dst_aaaaaaaaaa']);
  const owners = ['dst_aaaaaaaaaa', 'dst_bbbbbbbbbb'];
  const { data } = await ports.deliveries.list({ owners, limit: 10 });
  expect(data).toHaveLength(1);
  expect(data[0]).toMatchObject({ destination: 'dst_aaaaaaaaaa', event: events[0], status: 'pending' });
  expect(await ports.deliveries.due('dst_aaaaaaaaaa', at, 10)).toHaveLength(1);
});
