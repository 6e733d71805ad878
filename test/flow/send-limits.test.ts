import { beforeAll, expect, it } from 'vitest';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

let flow: SendingFlow;
let server: { id: string };

beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  server = await flow.addServer({ name: 'Ada', account: ada.id, limits: { perMinute: 6, recipientsPerDay: 10 } });
});

interface Status {
  readonly accounts: { readonly address: string; readonly state: string }[];
  readonly outgoingServers: {
    readonly queued: number;
    readonly pausedUntil?: string;
    readonly rate: Record<string, unknown>;
  }[];
}

it('sends what the limits allow, tells when the rest goes, and lets what is urgent go before', async () => {
  expect(await flow.api.call('GET', `/v1/outgoing-servers/${server.id}`)).toMatchObject({
    limits: { perMinute: 6, recipientsPerDay: 10, connections: 1 },
    onUnknown: 'hold',
  });
  const messages = [];
  for (let n = 0; n < 8; n++) messages.push(await flow.accept());
  for (const { id } of messages.slice(0, 6)) await flow.reaches(id, 'sent');

  const [waiting] = await Promise.all(messages.slice(6).map(({ id }) => flow.message(id)));
  expect(waiting?.status).toBe('queued');
  const { estimatedSendAt } = await flow.api.call<{ estimatedSendAt: string }>(
    'GET',
    `/v1/messages/${waiting?.id ?? ''}`,
  );
  expect(Date.parse(estimatedSendAt)).toBeGreaterThan(Date.now());

  const { accounts, outgoingServers } = await flow.api.call<Status>('GET', '/v1/status');
  expect(accounts).toMatchObject([{ address: 'ada@contoso.example', state: 'connected' }]);
  expect(outgoingServers).toMatchObject([
    { queued: 2, rate: { messagesLastMinute: 6, perMinute: 6, recipientsLastDay: 6, recipientsPerDay: 10 } },
  ]);
  expect(Date.parse(outgoingServers[0]?.pausedUntil ?? '')).toBeGreaterThan(Date.now());
});

it('tells the limits with every message, in the headers of the draft', async () => {
  const { headers } = await flow.api.ask('POST', '/v1/messages?dryRun=false', {
    ...{ from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'Hello', text: 'Hello' },
  });
  expect(headers.get('ratelimit-policy')).toBe('"minute";q=6;w=60, "day";q=10;qu="recipients";w=86400');
  expect(headers.get('ratelimit')).toMatch(/^"minute";r=\d+;t=\d+, "day";r=\d+;t=\d+$/);
});

it('goes on when the limits are raised', async () => {
  const limits = { perMinute: 100, recipientsPerDay: 1000, connections: 1 };
  await flow.api.call('PATCH', `/v1/outgoing-servers/${server.id}`, { limits });
  const { id } = await flow.accept({ priority: 'bulk' });
  await flow.reaches(id, 'sent');
  const { outgoingServers } = await flow.api.call<Status>('GET', '/v1/status');
  expect(outgoingServers).toMatchObject([{ queued: 0, rate: { perMinute: 100 } }]);
});

it('refuses limits that are none', async () => {
  const limits = { perMinute: 0, recipientsPerDay: 10, connections: 100 };
  const { status } = await flow.api.ask('PATCH', `/v1/outgoing-servers/${server.id}`, { limits });
  expect(status).toBe(422);
});
