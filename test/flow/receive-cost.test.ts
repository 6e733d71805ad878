import { QueueServiceClient } from '@azure/storage-queue';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDelayingProxy, type DelayingProxy } from '../../bench/delaying-proxy.ts';
import { createApiClient } from '../../dev/api-client.ts';
import { startHost, type Host } from '../../dev/host/start-host.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, mail, untilQuiet } from '../support/receiving.ts';

const address = 'ada@contoso.example';
const shard = 20;
// They would ask storage for things of their own.
const timersDisabled = Object.fromEntries(
  ['fetchTimer', 'sweepTimer', 'auditTimer', 'leftoversTimer'].map((name) => [`AzureWebJobs.${name}.Disabled`, 'true']),
);
let flow: Flow;
let storage: CountingProxy;
let imap: DelayingProxy;
let receiver: WebhookReceiver;
let host: Host;
/** Mailboxes that are read by hand alone. */
let servers: string[];

beforeAll(async () => {
  const started = await startFlow();
  const account = await started.connect(address);
  receiver = await startWebhookReceiver();
  const { id: destination } = await started.api.call<{ id: string }>('POST', '/v1/destinations', {
    ...{ kind: 'webhook', name: 'Receiver', url: receiver.url },
  });
  storage = await startCountingProxy(started.storage);
  imap = await startDelayingProxy(started.microsoft365.imap.port, 0);
  await started.host.stop();
  const root = fileURLToPath(new URL('../..', import.meta.url));
  host = await startHost({
    root,
    env: { ...started.settings, ...timersDisabled, AzureWebJobsStorage: storage.connectionString },
  });
  flow = { ...started, url: host.url, host, api: createApiClient(host.url, started.adminKey) };
  const wanted = { account: account.id, host: 'localhost', port: imap.port, every: 1440 };
  const others = Array.from({ length: shard - 1 }, () => addConfirmed(flow, wanted));
  servers = [await addConfirmed(flow, { ...wanted, destinations: [destination] }), ...(await Promise.all(others))];
  await fetchNow(flow, servers[0] ?? '');
}, 120_000);
afterAll(async () => {
  await host.stop();
  await storage.stop();
  await imap.stop();
  await receiver.stop();
});

/** What reading these mailboxes costs, as one entry of the queue that somebody else has put there. */
async function costOf(incomingServers: readonly string[]) {
  const { imapConnections, tokenRequests } = flow.microsoft365.sessions;
  const vault = flow.vault.reads() + flow.vault.writes();
  const turns = imap.turns;
  storage.requests.length = 0;
  const queue = QueueServiceClient.fromConnectionString(flow.storage.connectionString).getQueueClient('fetch');
  await queue.sendMessage(Buffer.from(JSON.stringify({ incomingServers })).toString('base64'));
  await untilQuiet(flow, 'fetch');
  await untilQuiet(flow, 'deliver');
  const requests = storage.requests.filter((request) => !request.startsWith('queue GET'));
  return {
    requests,
    turns: imap.turns - turns,
    connections: flow.microsoft365.sessions.imapConnections - imapConnections,
    tokens: flow.microsoft365.sessions.tokenRequests - tokenRequests,
    vault: flow.vault.reads() + flow.vault.writes() - vault,
  };
}

it('looks at an idle mailbox with two writes, over one connection, in six turns', async () => {
  const cost = await costOf(servers.slice(0, 1));
  expect(cost).toMatchObject({ turns: 6, connections: 1, tokens: 0, vault: 0 });
  expect(cost.requests.filter((request) => request === 'table POST $batch')).toHaveLength(2);
  // With what a shard has once: servers, states, accounts, and the end of its entry.
  expect(cost.requests.slice(6)).toEqual([]);
});

it('shares what it asks of storage among the mailboxes of a shard', async () => {
  const cost = await costOf(servers);
  expect(cost).toMatchObject({ turns: 6 * shard, connections: shard, tokens: 0, vault: 0 });
  // Taken together; given back as each comes to its end, several at a time.
  expect(cost.requests.length / shard).toBeLessThanOrEqual(1.3);
});

it('receives and delivers with one request to storage for two messages, and 0.08 turns a message at most', async () => {
  const count = 200;
  for (let number = 0; number < count; number++) await flow.microsoft365.deliver(address, mail(`mail ${number}`));
  const cost = await costOf(servers.slice(0, 1));
  expect(receiver.calls).toHaveLength(count);
  expect(cost.turns / count).toBeLessThanOrEqual(0.08);
  expect(cost.requests.length / count).toBeLessThanOrEqual(0.5);
  expect(cost).toMatchObject({ connections: 1, tokens: 0 });
});
