import { expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify } from '../../dev/webhook-receiver.ts';
import { startFlow } from '../support/flow.ts';

it('carries a message from an outgoing server through a mailbox to a signed webhook', async () => {
  const flow = await startFlow();
  const { api } = flow;
  const receiver = await startWebhookReceiver();
  const ada = await flow.connect('ada@contoso.example');
  const grace = await flow.connect('grace@contoso.example');
  await api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada.id });
  const destination = await api.call<{ id: string; secret: string }>('POST', '/v1/destinations', {
    kind: 'webhook',
    name: 'Receiver',
    url: receiver.url,
  });
  const incoming = await api.call<{ id: string }>('POST', '/v1/incoming-servers', {
    name: 'Grace',
    account: grace.id,
    destinations: [destination.id],
  });
  await api.call('POST', `/v1/incoming-servers/${incoming.id}/confirm`);

  const accepted = await api.call<{ id: string; messageId: string }>('POST', '/v1/messages', {
    from: 'Ada <ada@contoso.example>',
    to: 'grace@contoso.example',
    subject: 'Grüße',
    text: 'Hello',
  });
  await until(async () => (await api.call('GET', `/v1/messages/${accepted.id}`))['status'] === 'sent');
  await api.call('POST', `/v1/incoming-servers/${incoming.id}/fetch`);
  // That it was sent is told as well, in no promised order.
  const told = () => receiver.calls.map((call) => verify(call, destination.secret));
  const { data } = await until(() => Promise.resolve(told().find(({ type }) => type === 'message.received')));
  await until(() => Promise.resolve(told().some((event) => event.type === 'message.sent')));
  expect(data).toMatchObject({ subject: 'Grüße', messageId: accepted.messageId, from: 'Ada <ada@contoso.example>' });
  const received = await api.call<{ deliveries: unknown[] }>('GET', `/v1/received/${String(data['id'])}`);
  await until(async () => {
    const { deliveries } = await api.call<{ deliveries: { status: string }[] }>(
      'GET',
      `/v1/received/${String(data['id'])}`,
    );
    return deliveries[0]?.status === 'delivered';
  });
  expect(received.deliveries).toHaveLength(1);
  await receiver.stop();
});
