import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, serverOf } from '../support/receiving.ts';

const address = 'ada@contoso.example';
const day = 24 * 60 * 60_000;
let flow: Flow;
let watcher: WebhookReceiver;
let secret: string;
let id: string;

beforeAll(async () => {
  flow = await startFlow();
  watcher = await startWebhookReceiver();
  const body = {
    kind: 'webhook',
    name: 'Watcher',
    url: watcher.url,
    events: ['incoming.failing', 'incoming.disabled'],
  };
  secret = (await flow.api.call<{ secret: string }>('POST', '/v1/destinations', body)).secret;
  const account = (await flow.connect(address)).id;
  id = await addConfirmed(flow, { account, every: 1440 });
  await fetchNow(flow, id);
});
afterAll(() => watcher.stop());

const told = (type: string) => watcher.calls.map((call) => verify(call, secret)).filter((event) => event.type === type);

async function failOnce(): Promise<void> {
  flow.microsoft365.faults.imap.push({ at: 'connect', drop: true });
  await fetchNow(flow, id);
}

/** The failures began so long ago, and there were many. */
async function age(milliseconds: number): Promise<void> {
  const { connectionString } = flow.storage;
  const table = TableClient.fromConnectionString(connectionString, 'state', { allowInsecureConnection: true });
  const { json0 } = await table.getEntity<{ json0: string }>('incoming-server', id);
  const since = new Date(Date.now() - milliseconds).toISOString();
  const state = { ...(JSON.parse(json0) as object), failures: 400, failingSince: since, ownFailuresSince: since };
  await table.updateEntity({ partitionKey: 'incoming-server', rowKey: id, json0: JSON.stringify(state) }, 'Merge');
  const servers = TableClient.fromConnectionString(connectionString, 'configuration', {
    allowInsecureConnection: true,
  });
  const row = await servers.getEntity<{ json0: string }>('incoming-server', id);
  const server = {
    ...(JSON.parse(row.json0) as object),
    confirmedAt: new Date(Date.now() - 2 * milliseconds).toISOString(),
  };
  await servers.updateEntity({ partitionKey: 'incoming-server', rowKey: id, json0: JSON.stringify(server) }, 'Merge');
}

it('tells after three failed polls in a row, once', async () => {
  for (let count = 0; count < 5; count++) await failOnce();
  await until(() => Promise.resolve(told('incoming.failing').length > 0));
  expect(told('incoming.failing')).toMatchObject([
    { data: { id, mailbox: address, failures: 3, cause: { code: 'mail-server-unreachable', actor: 'operator' } } },
  ]);
});

it('disables a server after five days, says so and why, and confirming goes on where it was', async () => {
  await age(4 * day);
  await failOnce();
  expect(await serverOf(flow, id)).toMatchObject({ state: 'confirmed' });
  await age(5 * day);
  await flow.microsoft365.deliver(address, mail('while it fails'));
  await failOnce();
  expect(await serverOf(flow, id)).toMatchObject({ state: 'disabled', lastError: { code: 'mail-server-unreachable' } });
  await until(() => Promise.resolve(told('incoming.disabled').length > 0));
  expect(told('incoming.disabled')).toMatchObject([
    { data: { id, state: 'disabled', cause: { code: 'mail-server-unreachable' } } },
  ]);
  expect(await flow.api.call('GET', '/v1/status')).toMatchObject({
    incomingServers: [{ id, state: 'disabled', isFailing: true }],
  });
  expect(await flow.api.ask('POST', `/v1/incoming-servers/${id}/fetch`)).toMatchObject({ status: 409 });

  await flow.host.runTimer('fetchTimer');
  await flow.microsoft365.deliver(address, mail('while it is disabled'));
  expect(await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`)).toMatchObject({ state: 'confirmed' });
  await until(async () => (await listReceived(flow, id)).length === 2);
  expect((await serverOf(flow, id)).lastError).toBeUndefined();
  expect(told('incoming.failing')).toHaveLength(1);
  expect(told('incoming.disabled')).toHaveLength(1);
});
