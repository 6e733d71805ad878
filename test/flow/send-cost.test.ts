import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { startHost, type Host } from '../../dev/host/start-host.ts';
import { until } from '../../dev/until.ts';
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

let flow: SendingFlow;
let proxy: CountingProxy;
let host: Host;
let api: ApiClient;

beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({ name: 'Ada', account: ada.id });
  proxy = await startCountingProxy(flow.storage);
  await flow.host.stop();
  const root = fileURLToPath(new URL('../..', import.meta.url));
  host = await startHost({ root, env: { ...flow.settings, AzureWebJobsStorage: proxy.connectionString } });
  api = createApiClient(host.url, flow.adminKey);
  // Warm: the token is fetched, the tables are there.
  await accept('Warm');
  await until(async () => (await received('Warm')) === 1);
});
afterAll(async () => {
  await host.stop();
  await proxy.stop();
});

const accept = (subject: string) =>
  api.call('POST', '/v1/messages', { from: 'ada@contoso.example', to: 'grace@contoso.example', subject, text: 'x' });

async function received(subject: string): Promise<number> {
  const mails = await mailOf(flow.microsoft365, 'grace@contoso.example');
  return mails.filter((mail) => mail.subject?.startsWith(subject)).length;
}

it('sends many messages in order, over one connection', async () => {
  const { smtpConnections } = flow.microsoft365.sessions;
  for (let n = 0; n < 40; n++) await accept(`Order ${String(n).padStart(2, '0')}`);
  await until(async () => (await received('Order')) === 40);
  const subjects = (await mailOf(flow.microsoft365, 'grace@contoso.example')).map(({ subject = '' }) => subject);
  const inOrder = subjects.filter((subject) => subject.startsWith('Order'));
  expect(inOrder).toEqual(inOrder.toSorted());
  // A sender that has nothing to do for a moment leaves; another comes with the next word.
  expect(flow.microsoft365.sessions.smtpConnections - smtpConnections).toBeLessThanOrEqual(10);
});

it('asks storage at most four times for each message of a burst, the vault and the sign-in never', async () => {
  const count = 200;
  const { smtpConnections, tokenRequests } = flow.microsoft365.sessions;
  const vault = { reads: flow.vault.reads(), writes: flow.vault.writes() };
  await until(() => Promise.resolve(proxy.requests.length > 0));
  proxy.requests.length = 0;
  let left = count;
  const client = async () => {
    while (left-- > 0) await accept('Burst');
  };
  await Promise.all(Array.from({ length: 16 }, client));
  await until(async () => (await received('Burst')) === count);
  const perMessage = proxy.requests.length / count;
  // Everything the host and the functions ask for, polling and leases included.
  expect(perMessage).toBeLessThanOrEqual(4);
  expect(perMessage).toBeGreaterThan(2);
  expect(flow.microsoft365.sessions.smtpConnections - smtpConnections).toBeLessThanOrEqual(4);
  expect(flow.microsoft365.sessions.tokenRequests).toBe(tokenRequests);
  expect({ reads: flow.vault.reads(), writes: flow.vault.writes() }).toEqual(vault);
});
