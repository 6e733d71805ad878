import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

const ada = 'ada@contoso.example';
let flow: SendingFlow;
let receiver: WebhookReceiver;
let secret: string;
let inbox: string;

beforeAll(async () => {
  flow = await startSendingFlow();
  const account = (await flow.connect(ada)).id;
  receiver = await startWebhookReceiver();
  const events = ['message.bounced'];
  const hook = { kind: 'webhook', name: 'Bounces', url: receiver.url, events };
  ({ secret } = await flow.api.call<{ secret: string }>('POST', '/v1/destinations', hook));
  await flow.addServer({ name: 'Ada', account });
  inbox = await addConfirmed(flow, { account, every: 1440 });
});
afterAll(() => receiver.stop());

const told = () => receiver.calls.map((call) => verify(call, secret).data);

it('a message whose recipient does not exist has bounced, for that recipient alone', async () => {
  const to = ['grace@contoso.example', 'nobody@contoso.example'];
  const sent = await flow.send({ to, tags: ['invoice'], metadata: { order: '7' } });
  await fetchNow(flow, inbox);

  const code = '5.1.10';
  const reply = expect.stringContaining('Recipient not found') as string;
  expect(await flow.message(sent.id)).toMatchObject({
    status: 'bounced',
    recipients: [
      { address: to[0], status: 'sent' },
      { address: to[1], status: 'bounced', code, reply },
    ],
    history: [{ status: 'queued' }, { status: 'sending' }, { status: 'sent' }, { status: 'bounced' }],
  });
  const { data } = await flow.api.call<{ data: { id: string }[] }>('GET', '/v1/messages?status=bounced');
  expect(data).toMatchObject([{ id: sent.id }]);

  const [report] = await listReceived(flow, inbox);
  expect(report).toMatchObject({
    flags: { bounce: true },
    bounce: { message: sent.id, recipients: [{ addresses: [to[1]], action: 'failed', code, reason: reply }] },
  });
  await until(() => Promise.resolve(told().length > 0));
  expect(told()).toMatchObject([
    {
      ...{ id: sent.id, status: 'bounced', tags: ['invoice'], metadata: { order: '7' }, report: report?.id },
      recipients: [{ address: to[1], code, reason: reply }],
    },
  ]);
});

it('a report that comes a second time tells nobody twice', async () => {
  const [report] = await listReceived(flow, inbox);
  const before = told().length;
  const headers = { authorization: `Bearer ${flow.adminKey}` };
  const raw = await fetch(`${flow.url}/v1/received/${report?.id ?? ''}/raw`, { headers });
  await flow.microsoft365.deliver(ada, Buffer.from(await raw.arrayBuffer()));
  const other = await flow.send({ to: 'gone@contoso.example' });
  await fetchNow(flow, inbox);
  await until(() => Promise.resolve(told().some(({ id }) => id === other.id)));
  expect(told()).toHaveLength(before + 1);
});

it('neither a read receipt nor an automatic reply is a bounce', async () => {
  const sent = await flow.send();
  const answers = ['In-Reply-To', 'References'].map((name) => `${name}: ${sent.messageId}`);
  const receipt = 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b';
  await flow.microsoft365.deliver(ada, mail('Read: Hello', '--b\r\n\r\nRead.\r\n--b--', receipt, ...answers));
  await flow.microsoft365.deliver(ada, mail('Away', 'I am away.', 'Auto-Submitted: auto-replied', ...answers));
  await fetchNow(flow, inbox);
  const rows = await listReceived(flow, inbox);
  expect(rows.find(({ subject }) => subject === 'Away')).toMatchObject({ flags: { autoReply: true, bounce: false } });
  expect(await flow.message(sent.id)).toMatchObject({ status: 'sent' });
});

it('a delay is noted, and changes no status', async () => {
  const sent = await flow.send();
  const status = ['Final-Recipient: rfc822;grace@contoso.example', 'Action: delayed', 'Status: 4.4.7'].join('\r\n');
  const parts = ['', 'Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;x\r\n\r\n' + status, '--'];
  const headers = ['Content-Type: multipart/report; report-type=delivery-status; boundary=b'];
  await flow.microsoft365.deliver(
    ada,
    mail(
      'Delayed',
      parts.join('\r\n--b\r\n').replace('--b\r\n--', '--b--'),
      ...headers,
      `References: ${sent.messageId}`,
    ),
  );
  await fetchNow(flow, inbox);
  const { status: now, history } = await flow.message(sent.id);
  expect(now).toBe('sent');
  expect(history.at(-1)).toMatchObject({ status: 'sent', detail: 'Delayed on the way to grace@contoso.example' });
});
