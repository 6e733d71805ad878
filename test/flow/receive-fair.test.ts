import { TableClient } from '@azure/data-tables';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, listReceived, mail, serverOf, untilQuiet } from '../support/receiving.ts';

const ada = 'ada@contoso.example';
const grace = 'grace@contoso.example';
const many = 60;
const atOnce = 10;
/** One in ten hangs: some in every shard. */
const isHanging = (index: number): boolean => index % 10 === 9;
let flow: Flow;
let servers: string[];

beforeAll(async () => {
  flow = await startFlow();
  const [adas, graces] = [(await flow.connect(ada)).id, (await flow.connect(grace)).id];
  servers = [];
  for (let begun = 0; begun < many; begun += atOnce) {
    const some = Array.from({ length: atOnce }, (_, index) => (isHanging(begun + index) ? graces : adas));
    servers.push(...(await Promise.all(some.map((account) => addConfirmed(flow, { account, every: 1440 })))));
  }
  await untilQuiet(flow, 'fetch');
}, 120_000);

/** As if none of them had been read yet, so that all are due. */
async function forgetStates(): Promise<void> {
  const table = TableClient.fromConnectionString(flow.storage.connectionString, 'state', {
    allowInsecureConnection: true,
  });
  for (const id of servers) await table.deleteEntity('incoming-server', id);
}

it('reads every mailbox at once while several in their midst hang', async () => {
  await flow.microsoft365.deliver(ada, mail('for all'));
  flow.microsoft365.faults.imap.push({ at: 'select', user: grace, times: many });
  await forgetStates();
  await flow.host.runTimer('fetchTimer');
  const [hanging, healthy] = [servers.filter((_, index) => isHanging(index)), servers.filter((_, i) => !isHanging(i))];
  await until(async () => {
    const views = await Promise.all(healthy.map((id) => serverOf(flow, id)));
    return views.every(({ lastFetchAt }) => lastFetchAt !== undefined);
  });
  for (const id of healthy) expect(await listReceived(flow, id)).toMatchObject([{ subject: 'for all' }]);
  // They are still waited for, and keep nobody from being read again.
  for (const id of hanging) expect((await serverOf(flow, id)).lastFetchAt).toBeUndefined();
  await flow.microsoft365.deliver(ada, mail('meanwhile'));
  const [first = ''] = healthy;
  await flow.api.call('POST', `/v1/incoming-servers/${first}/fetch`);
  await until(async () => (await listReceived(flow, first)).length === 2);
}, 60_000);
