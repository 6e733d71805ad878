import { afterAll, beforeAll, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import type { Host } from '../../dev/host/start-host.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { untilQuiet } from '../support/receiving.ts';

const { clientId, tenantId: tenant } = laptopTenant;
const day = 86_400_000;

let flow: Flow;
let other: Host;
let receiver: WebhookReceiver;
let secret: string;

beforeAll(async () => {
  flow = await startFlow();
  other = await flow.startSecondHost();
  receiver = await startWebhookReceiver();
  const hook = { kind: 'webhook', name: 'Operator', url: receiver.url, events: ['app.credential_expiring'] };
  ({ secret } = await flow.api.call<{ secret: string }>('POST', '/v1/destinations', hook));
});

afterAll(() => receiver.stop());

/** The secret ends in so many days from now on, and every instance looks twice. */
async function endsIn(days: number): Promise<string> {
  const clientSecretExpiresAt = new Date(Date.now() + days * day).toISOString();
  await flow.api.call('PUT', '/v1/app', { clientId, tenant, clientSecretExpiresAt });
  for (const host of [flow.host, other, flow.host, other]) await host.runTimer('sweepTimer');
  await untilQuiet(flow, 'deliver');
  return clientSecretExpiresAt;
}

const told = () => receiver.calls.map((call) => verify(call, secret));
const lines = () => flow.log.filter((line) => line.includes('The app credential ends soon.'));

it('says nothing while there is time', async () => {
  await endsIn(61);
  expect(lines()).toEqual([]);
  expect(told()).toEqual([]);
});

it.each([
  [60, 59.5],
  [30, 29.5],
  [14, 10],
  [7, 6],
  [3, 2.5],
  [1, 0.5],
])('tells once, by event and in the log, that %i days are left', async (withinDays, days) => {
  const before = told().length;
  const expiresAt = await endsIn(days);
  await until(() => Promise.resolve(told().length > before));
  expect(told().slice(before)).toMatchObject([
    { type: 'app.credential_expiring', data: { clientId, kind: 'client-secret', expiresAt, withinDays } },
  ]);
  expect(lines()).toHaveLength(before + 1);
});

it('says nothing more once it has ended', async () => {
  const before = told().length;
  await endsIn(-1);
  expect([told().length, lines().length]).toEqual([before, before]);
});
