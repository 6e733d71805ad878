import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, mail, untilQuiet } from '../support/receiving.ts';

const ada = 'ada@contoso.example';
const robots = 'robot@navy.example';
let flow: Flow;
let receiver: WebhookReceiver;
let secret: string;
let server: string;

beforeAll(async () => {
  flow = await startFlow();
  receiver = await startWebhookReceiver();
  const hook = { kind: 'webhook', name: 'Receiver', url: receiver.url, events: ['incoming.loop_suspected'] };
  const destination = await flow.api.call<{ id: string; secret: string }>('POST', '/v1/destinations', hook);
  secret = destination.secret;
  server = await addConfirmed(flow, {
    ...{ account: (await flow.connect(ada)).id, destinations: [destination.id], every: 1440 },
    loopGuard: { messages: 3, minutes: 60, except: ['trusted.example'] },
  });
});
afterAll(() => receiver.stop());

const events = () => receiver.calls.map((call) => verify(call, secret));
const subjects = () =>
  events().flatMap(({ type, data }) => (type === 'message.received' ? [String(data['subject'])] : []));
const told = () => events().filter(({ type }) => type === 'incoming.loop_suspected');
const from = (address: string, subject: string) => mail(subject).replace('grace@contoso.example', address);
const parked = async () =>
  (
    await flow.api.call<{ data: { id: string; subject: string }[] }>(
      'GET',
      `/v1/received?incomingServer=${server}&status=parked`,
    )
  ).data;

it('mail of a sender who writes too much is parked, which is told once; others come through', async () => {
  for (let count = 1; count <= 5; count++) {
    await flow.microsoft365.deliver(ada, from(robots, `loop ${count}`));
    await flow.microsoft365.deliver(ada, from('alerts@trusted.example', `alert ${count}`));
  }
  await fetchNow(flow, server);
  await flow.microsoft365.deliver(ada, from(robots.toUpperCase(), 'loop 6'));
  await flow.microsoft365.deliver(ada, mail('from Grace'));
  await fetchNow(flow, server);
  await until(() => Promise.resolve(told().length > 0 && subjects().includes('from Grace')));
  await untilQuiet(flow, 'deliver');
  const through = ['from Grace', ...[1, 2, 3, 4, 5].map((count) => `alert ${count}`), 'loop 1', 'loop 2', 'loop 3'];
  expect(subjects().toSorted()).toEqual(through.toSorted());
  const rows = await parked();
  expect(rows.map(({ subject }) => subject)).toEqual(['loop 6', 'loop 5', 'loop 4']);
  expect(rows[0]).toMatchObject({
    reason: { kind: 'loop', detail: 'More than 3 mails of one sender came within 60 minutes.' },
  });
  expect(told()).toMatchObject([
    {
      data: {
        ...{ id: server, mailbox: ada, sender: robots, received: rows[2]?.id },
        limit: { messages: 3, minutes: 60 },
      },
    },
  ]);
});

it('what nobody wants is dropped, and can be replayed all the same', async () => {
  const [newest] = await parked();
  const id = newest?.id ?? '';
  expect(await flow.api.call('POST', `/v1/received/${id}/drop`)).toMatchObject({ id, status: 'dropped' });
  expect(await flow.api.ask('POST', `/v1/received/${id}/drop`)).toMatchObject({ status: 409 });
  expect((await flow.api.ask('POST', '/v1/received/rcv_1/drop')).status).toBe(404);
  expect(await flow.api.call('GET', `/v1/received/${id}`)).toMatchObject({
    subject: 'loop 6',
    deliveries: [],
  });
  await flow.api.call('POST', `/v1/received/${id}/replay`);
  await until(() => Promise.resolve(subjects().includes('loop 6')));
});

it('once the loop is mended, all that was parked is delivered with one call', async () => {
  const answer = await flow.api.call('POST', '/v1/received/replay', { incomingServer: server, status: 'parked' });
  expect(answer).toEqual({ replayed: 2, unreadable: 0, nextCursor: null });
  await until(() => Promise.resolve(['loop 4', 'loop 5'].every((subject) => subjects().includes(subject))));
  expect(await parked()).toEqual([]);
});

it('and all of it can be dropped with one call', async () => {
  await flow.microsoft365.deliver(ada, from(robots, 'loop 7'));
  await flow.microsoft365.deliver(ada, from(robots, 'loop 8'));
  await fetchNow(flow, server);
  const drop = (body: object) => flow.api.call('POST', '/v1/received/drop', { incomingServer: server, ...body });
  expect(await drop({ limit: 1 })).toEqual({ dropped: 1, nextCursor: expect.any(String) as string });
  expect(await drop({})).toEqual({ dropped: 1, nextCursor: null });
  expect(await parked()).toEqual([]);
});
