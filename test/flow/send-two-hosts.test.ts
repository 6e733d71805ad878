import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { until } from '../../dev/until.ts';
import { startConnectionCounter, type ConnectionCounter } from '../support/connection-counter.ts';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

let flow: SendingFlow;
let apis: ApiClient[];
let counters: ConnectionCounter[];
const addresses = ['ada@contoso.example', 'notifications@contoso.example'];

beforeAll(async () => {
  flow = await startSendingFlow();
  counters = [];
  for (const address of addresses) {
    const account = await flow.connect(address);
    const counter = await startConnectionCounter(flow.microsoft365.smtp.port);
    counters.push(counter);
    await flow.addServer({ name: address, account: account.id, host: 'localhost', port: counter.port });
  }
  const second = await flow.startSecondHost();
  apis = [flow.api, createApiClient(second.url, flow.adminKey)];
});
afterAll(async () => {
  for (const counter of counters) await counter.stop();
});

it('two hosts send everything once, one of them at a time for each mailbox', async () => {
  const count = 120;
  let left = count;
  const accepted: { id: string; messageId: string }[] = [];
  const client = async (api: ApiClient | undefined) => {
    while (left-- > 0) {
      const body = { from: addresses[left % 2], to: 'grace@contoso.example', subject: 'Once', text: 'x' };
      if (api) accepted.push(await api.call('POST', '/v1/messages', body));
    }
  };
  await Promise.all(Array.from({ length: 12 }, (_, n) => client(apis[n % 2])));
  for (const { id } of accepted) await flow.reaches(id, 'sent');

  const received = (await mailOf(flow.microsoft365, 'grace@contoso.example')).map(({ messageId = '' }) => messageId);
  expect(accepted).toHaveLength(count);
  expect(received.toSorted()).toEqual(accepted.map(({ messageId }) => messageId).toSorted());
  // While one says goodbye the next may already connect.
  for (const { most } of counters) expect(most).toBeLessThanOrEqual(2);
});

it('a message taken by one host can be asked for at the other, and its key is known there', async () => {
  const [one, other] = apis;
  const body = { from: addresses[0], to: 'grace@contoso.example', subject: 'Shared', text: 'x' };
  const key = { 'idempotency-key': 'shared' };
  const first = await one?.call('POST', '/v1/messages', body, key);
  expect(await other?.call('POST', '/v1/messages', body, key)).toEqual(first);
  const status = () => other?.call('GET', `/v1/messages/${String(first?.['id'])}`);
  await until(async () => (await status())?.['status'] === 'sent');
});

it('a server added through one host is found by the other at once', async () => {
  const [one, other] = apis;
  const support = await flow.connect('support@contoso.example', { kind: 'shared', delegate: 'ada@contoso.example' });
  const body = { from: 'support@contoso.example', to: 'grace@contoso.example', text: 'x' };
  expect(await other?.ask('POST', '/v1/messages', body)).toMatchObject({ status: 422 });
  await one?.call('POST', '/v1/outgoing-servers', { name: 'Support', account: support.id });
  expect(await other?.ask('POST', '/v1/messages', body)).toMatchObject({ status: 202 });
});
