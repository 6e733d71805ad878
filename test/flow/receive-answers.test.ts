import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

interface Received {
  readonly subject: string;
  readonly answers?: { readonly id: string; readonly tags: string[]; readonly metadata: Record<string, string> };
  readonly bounce?: { readonly message?: string };
}

const ada = 'ada@contoso.example';
/** Whose Message-IDs Exchange replaces. */
const dorothy = 'dorothy@contoso.example';
let flow: SendingFlow;
let receiver: WebhookReceiver;
let secret: string;
let inbox: string;

beforeAll(async () => {
  flow = await startSendingFlow();
  receiver = await startWebhookReceiver();
  const hook = { kind: 'webhook', name: 'App', url: receiver.url, events: [] };
  const destination = await flow.api.call<{ id: string; secret: string }>('POST', '/v1/destinations', hook);
  ({ secret } = destination);
  const account = (await flow.connect(ada)).id;
  await flow.addServer({ name: 'Ada', account });
  await flow.addServer({ name: 'Dorothy', account: (await flow.connect(dorothy)).id });
  inbox = await addConfirmed(flow, { account, every: 1440, destinations: [destination.id] });
});
afterAll(() => receiver.stop());

/** What Ada receives is read, and one mail of it shown. */
async function receive(subject: string, ...headers: string[]): Promise<Received> {
  await flow.microsoft365.deliver(ada, mail(subject, 'Thanks', ...headers));
  await fetchNow(flow, inbox);
  const row = (await listReceived(flow, inbox)).find((each) => each.subject === subject);
  return flow.api.call<Received>('GET', `/v1/received/${row?.id ?? ''}`);
}

const facts = { tags: ['invoice'], metadata: { order: '7' } };

it('says which message a mail answers, by In-Reply-To or by References, also to the webhook', async () => {
  const sent = await flow.send(facts);
  const answers = { id: sent.id, ...facts };
  expect(await receive('by In-Reply-To', `In-Reply-To: ${sent.messageId}`)).toMatchObject({ answers });
  const thread = `References: ${sent.messageId} <someone@else.example> <another@else.example>`;
  expect(await receive('by References', thread)).toMatchObject({ answers });
  const told = () => receiver.calls.map((call) => verify(call, secret).data);
  await until(() => Promise.resolve(told().length >= 2));
  expect(told()).toMatchObject([{ answers }, { answers }]);
});

it('knows a message by the Message-ID that Exchange gave it instead', async () => {
  const sent = await flow.send({ ...facts, from: dorothy });
  const [filed] = await mailOf(flow.microsoft365, dorothy, 'Sent Items');
  const given = filed?.messageId ?? '';
  expect(given).not.toBe(sent.messageId);
  expect(await flow.message(sent.id)).toMatchObject({ messageId: sent.messageId, serverMessageId: given });
  const answers = { id: sent.id, ...facts };
  expect(await receive('to the new id', `In-Reply-To: ${given}`)).toMatchObject({ answers });
  expect(await receive('to the old id', `In-Reply-To: ${sent.messageId}`)).toMatchObject({ answers });
});

it('knows a message by the Message-ID that its caller gave it', async () => {
  const own = '<order-7@shop.example>';
  const raw = [`From: ${ada}`, 'To: grace@contoso.example', `Message-ID: ${own}`, 'Subject: x', '', 'x'].join('\r\n');
  const response = await fetch(`${flow.url}/v1/messages?tags=shop`, {
    method: 'POST',
    headers: { authorization: `Bearer ${flow.adminKey}`, 'content-type': 'message/rfc822' },
    body: raw,
  });
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as { id: string };
  expect(await receive('to the caller’s own', `In-Reply-To: ${own}`)).toMatchObject({
    answers: { id, tags: ['shop'] },
  });
});

it('says nothing of a mail that answers none of ours', async () => {
  expect(await receive('no answer')).not.toHaveProperty('answers');
  expect(await receive('of others', 'In-Reply-To: <a@b.example>', 'References: <c@d.example>')).not.toHaveProperty(
    'answers',
  );
  const unknown = `In-Reply-To: <msg_${'0'.repeat(30)}@contoso.example>`;
  expect(await receive('never sent', unknown)).not.toHaveProperty('answers');
});
