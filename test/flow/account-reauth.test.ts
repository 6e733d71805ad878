import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { until } from '../../dev/until.ts';
import { walkSignIn } from '../../dev/walk-sign-in.ts';
import { startWebhookReceiver, verify, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { addConfirmed, fetchNow, listReceived, mail, serverOf } from '../support/receiving.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

interface AccountView {
  readonly id: string;
  readonly state: string;
  readonly connectedAt: string;
  readonly cause?: { readonly code: string; readonly actor: string; readonly detail: string; readonly remedy: string };
}

const address = 'ada@contoso.example';
let flow: SendingFlow;
let receiver: WebhookReceiver;
let secret: string;
let account: string;
let outgoing: string;
let incoming: string[];

beforeAll(async () => {
  flow = await startSendingFlow();
  receiver = await startWebhookReceiver();
  const events = ['account.connected', 'account.reauth_required', 'account.recovered'];
  const destination = await flow.api.call<{ secret: string }>('POST', '/v1/destinations', {
    ...{ kind: 'webhook', name: 'Alarms', url: receiver.url, events },
  });
  ({ secret } = destination);
  account = (await flow.connect(address)).id;
  outgoing = (await flow.addServer({ name: 'Ada', account })).id;
  incoming = [];
  for (let n = 0; n < 3; n++) incoming.push(await addConfirmed(flow, { account, every: 1440 }));
  await flow.startSecondHost();
});
afterAll(() => receiver.stop());

const shown = (): Promise<AccountView> => flow.api.call('GET', `/v1/accounts/${account}`);
const told = () => receiver.calls.map((call) => verify(call, secret));
const toldTypes = () => told().map(({ type }) => type);

/** The mail servers refuse the token that is held, and Microsoft gives no other. */
function withdraw(): void {
  flow.microsoft365.revoke(address);
  flow.microsoft365.faults.smtp.push({ at: 'auth', reply: '535 5.7.3 Authentication unsuccessful', times: 2 });
  flow.microsoft365.faults.imap.push({ at: 'authenticate', reply: 'NO AUTHENTICATE failed.', times: 6 });
}

async function connectAgain(): Promise<void> {
  flow.microsoft365.faults.smtp.length = 0;
  flow.microsoft365.faults.imap.length = 0;
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account}/connect`);
  expect((await walkSignIn(authorizeUrl)).status).toBe(200);
}

it('a first consent is told', async () => {
  await until(() => Promise.resolve(receiver.calls.length === 1));
  expect(told()[0]).toMatchObject({ type: 'account.connected', data: { id: account, address, state: 'connected' } });
});

it(
  'a withdrawn consent is told once, mail waits, and all goes on after the next consent',
  { timeout: 60_000 },
  async () => {
    await flow.send();
    for (const server of incoming) await fetchNow(flow, server);
    const before = await serverOf(flow, incoming[0] ?? '');
    withdraw();
    await flow.microsoft365.deliver(address, mail('arrived meanwhile'));
    const messages = await Promise.all([1, 2, 3].map((n) => flow.accept({ subject: `Waiting ${n}` })));
    await Promise.all(incoming.map((server) => flow.api.call('POST', `/v1/incoming-servers/${server}/fetch`)));

    const dead = await until(async () => {
      const view = await shown();
      return view.state === 'reauth-required' && view;
    });
    expect(dead.cause).toMatchObject({ code: 'reauth-required', actor: 'mailbox owner' });
    expect(dead.cause?.detail).toContain('AADSTS50173');
    expect(dead.cause?.remedy).toContain(`POST /v1/accounts/${account}/connect`);
    expect(dead).not.toHaveProperty('untold');
    await until(() => Promise.resolve(receiver.calls.length === 2));
    expect(told()[1]).toMatchObject({
      type: 'account.reauth_required',
      data: {
        ...{ id: account, address, state: 'reauth-required', cause: dead.cause },
        connectPath: `/v1/accounts/${account}/connect`,
      },
    });
    for (const { id } of messages) await flow.reaches(id, 'deferred');
    for (const server of incoming)
      await until(async () => (await serverOf(flow, server)).lastError?.code === 'reauth-required');

    await flow.host.runTimer('sweepTimer');
    await flow.host.runTimer('fetchTimer');
    expect(toldTypes()).toEqual(['account.connected', 'account.reauth_required']);

    await connectAgain();
    for (const { id } of messages) await flow.reaches(id, 'sent');
    for (const { messageId } of messages) await flow.received('grace@contoso.example', messageId);
    for (const server of incoming) {
      await until(async () =>
        (await listReceived(flow, server)).some(({ subject }) => subject === 'arrived meanwhile'),
      );
      expect(await listReceived(flow, server)).toHaveLength(1);
    }
    await until(() => Promise.resolve(receiver.calls.length === 3));
    expect(told()[2]).toMatchObject({ type: 'account.recovered', data: { id: account, state: 'connected' } });
    const after = await shown();
    expect(after).toMatchObject({ id: account, state: 'connected' });
    expect(after).not.toHaveProperty('cause');
    expect((await serverOf(flow, incoming[0] ?? '')).id).toBe(before.id);
  },
);

it('a sign-in that Conditional Access blocks names the administrator', async () => {
  flow.microsoft365.faults.token.push({ aadsts: 53003, user: address, times: 10 });
  flow.microsoft365.faults.smtp.push({ at: 'auth', reply: '535 5.7.3 Authentication unsuccessful', times: 1 });
  const { id } = await flow.accept({ outgoingServer: outgoing });
  const deferred = await flow.reaches(id, 'deferred');
  expect(deferred.cause).toMatchObject({ code: 'sign-in-blocked', actor: 'tenant admin' });
  const view = await shown();
  expect(view).toMatchObject({ state: 'reauth-required', cause: { code: 'sign-in-blocked', actor: 'tenant admin' } });
  const other = createApiClient(flow.url, flow.adminKey);
  expect(await other.call('GET', `/v1/outgoing-servers/${outgoing}`)).toMatchObject({
    lastError: { code: 'sign-in-blocked' },
  });
  await until(() => Promise.resolve(receiver.calls.length === 4));
  flow.microsoft365.faults.token.length = 0;
  await connectAgain();
  await flow.reaches(id, 'sent');
  await until(() => Promise.resolve(receiver.calls.length === 5));
  expect(toldTypes().slice(3)).toEqual(['account.reauth_required', 'account.recovered']);
});
