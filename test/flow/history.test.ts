import { beforeAll, expect, it } from 'vitest';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import { createTableStates } from '../../functions/azure/table-states.ts';
import { createTables } from '../../functions/azure/tables.ts';
import { until } from '../../dev/until.ts';
import { delivered, newDelivery, type Delivery } from '../../functions/events/delivery.ts';
import type { DestinationState } from '../../functions/events/destination.ts';
import { newEvent } from '../../functions/events/event.ts';
import type { Message } from '../../functions/messages/message.ts';
import type { RemovedServer } from '../../functions/servers/removed-server.ts';
import { keyOf, newestFirst } from '../../functions/shared/ids.ts';
import { startFlow, type Flow } from '../support/flow.ts';

const minutes = 60;
const old = new Date(Date.now() - 3 * 24 * 60 * 60_000);
/** One for each minute of the hour, so that whenever this runs it is the turn of one of them. */
const owners = (prefix: string) =>
  Array.from({ length: minutes }, (_, n) => `${prefix}_aaaaaaaa${String(n).padStart(2, '0')}`);
let flow: Flow;

beforeAll(async () => {
  flow = await startFlow({ settings: { HISTORY_DAYS: '2' } });
  const openTable = createTables({ connectionString: flow.storage.connectionString }, () =>
    Promise.reject(new Error()),
  );
  const removed = createTableCollection<RemovedServer>(openTable('configuration'), 'removed-server');
  const states = createTableStates<DestinationState>(openTable('state'), 'destination');
  const messages = createTableRecords<Message>(openTable('messages'), 'msg');
  const deliveries = createTableRecords<Delivery>(openTable('deliveries'), 'dlv');
  for (const id of owners('out')) {
    await removed.add(id, { id, name: 'Removed', removedAt: old.toISOString() });
    await messages.add([{ record: sentBy(id) }]);
  }
  for (const id of owners('dst')) {
    await states.put(id, { lastDeliveredAt: old.toISOString() });
    await deliveries.add([
      { record: delivered(newDelivery(id, newEvent('account.recovered', 'acc_a', old, {})), old) },
    ]);
  }
}, 60_000);

function sentBy(outgoingServer: string): Message {
  const at = old.toISOString();
  const to = ['grace@contoso.example'];
  return {
    id: `msg_${keyOf(outgoingServer)}${newestFirst(old)}0123456789`,
    ...{
      caller: 'test',
      status: 'sent',
      messageId: '<old@contoso.example>',
      from: 'ada@contoso.example',
      subject: 'Old',
    },
    ...{ to, cc: [], bcc: [], outgoingServer, envelope: { from: 'ada@contoso.example', to }, priority: 'normal' },
    ...{
      recipients: [],
      size: 1,
      attempts: 1,
      tags: [],
      metadata: {},
      history: [{ at, status: 'sent' }],
      createdAt: at,
    },
  };
}

async function count(path: string): Promise<number> {
  const { data } = await flow.api.call<{ data: unknown[] }>('GET', path);
  return data.length;
}

it('forgets what is finished and old with the timer, server by server in their minutes', async () => {
  const message = (id: string) => flow.api.ask('GET', `/v1/messages/${sentBy(id).id}`);
  const statuses = async () => Promise.all(owners('out').map(async (id) => (await message(id)).status));
  const deliveries = async () => {
    const counts = await Promise.all(owners('dst').map((id) => count(`/v1/deliveries?destination=${id}`)));
    return counts.reduce((sum, each) => sum + each, 0);
  };
  expect(new Set(await statuses())).toEqual(new Set([200]));
  expect(await deliveries()).toBe(minutes);
  await flow.host.runTimer('sweepTimer');
  await until(async () => (await statuses()).includes(404) && (await deliveries()) < minutes);
  // A minute may have passed meanwhile, and the timer have run by itself.
  expect((await statuses()).filter((status) => status === 404).length).toBeLessThan(10);
  expect(await deliveries()).toBeGreaterThan(minutes - 10);
}, 60_000);
