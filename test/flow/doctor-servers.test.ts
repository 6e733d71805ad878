import { beforeAll, expect, it } from 'vitest';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

interface Report {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly legs: readonly { readonly leg: string; readonly status: string; readonly cause?: string }[];
}

const ada = 'ada@contoso.example';
let flow: SendingFlow;
let account: string;
let outgoing: string;
let incoming: string;

beforeAll(async () => {
  flow = await startSendingFlow();
  account = (await flow.connect(ada)).id;
  outgoing = (await flow.addServer({ name: 'Ada', account })).id;
  const server = { name: 'Ada', account, folders: ['INBOX', 'Archive'] };
  incoming = (await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', server)).id;
});

const test = (path: string): Promise<Report> => flow.api.call('POST', `/v1/${path}/test`);
const legsOf = ({ legs }: Report): string[] => legs.map(({ leg, status }) => `${leg} ${status}`);

it('tests an outgoing server as far as naming each sender, keeps the report and sends nothing', async () => {
  const fromFilter = [ada, 'contoso.example', 'sales@contoso.example'];
  const { id } = await flow.addServer({ name: 'Sales', account, fromFilter });
  await flow.microsoft365.failures.start('send-as-denied', 'sales@contoso.example');
  const refused = await test(`outgoing-servers/${id}`);
  await flow.microsoft365.failures.stop('send-as-denied');
  const signIn = ['credential passed', 'token passed', 'claims passed'];
  expect(legsOf(refused)).toEqual([...signIn, 'smtp-connect passed', 'smtp-login passed', 'smtp-sender failed']);
  expect(refused.legs.at(-1)).toMatchObject({
    code: 'sender-refused',
    upstream: { protocol: 'smtp', code: '550', enhanced: '5.7.60' },
    remedy: expect.stringContaining(`-Identity sales@contoso.example -Trustee ${ada} -AccessRights SendAs`) as string,
  });
  expect(await flow.api.call('GET', `/v1/outgoing-servers/${id}`)).toMatchObject({ lastTest: refused });
  const mended = await test(`outgoing-servers/${id}`);
  expect(mended.ok).toBe(true);
  const { data } = await flow.api.call<{ data: { id: string }[] }>('GET', '/v1/outgoing-servers');
  expect(data.find((server) => server.id === id)).toMatchObject({ lastTest: mended });
  expect(flow.microsoft365.sessions.smtpMessages).toBe(0);
  await flow.api.call('DELETE', `/v1/outgoing-servers/${id}`);
});

it.each(['outgoing server', 'account'])('what waits is sent at once when a test of the %s passes', async (tested) => {
  const { failures } = flow.microsoft365;
  await failures.start('smtp-auth-disabled-tenant');
  const { id, messageId } = await flow.accept();
  expect(await flow.reaches(id, 'deferred')).toMatchObject({ cause: { code: 'smtp-auth-disabled' } });
  const path = tested === 'account' ? `accounts/${account}` : `outgoing-servers/${outgoing}`;
  expect((await test(path)).ok).toBe(false);
  expect((await flow.message(id)).status).toBe('deferred');
  await failures.stop('smtp-auth-disabled-tenant');
  expect((await test(path)).ok).toBe(true);
  await flow.reaches(id, 'sent');
  const mails = await mailOf(flow.microsoft365, 'grace@contoso.example');
  expect(mails.filter((mail) => mail.messageId === messageId)).toHaveLength(1);
});

it('an account that was given up works again, without a new consent, once what kept it out is over', async () => {
  const { failures } = flow.microsoft365;
  await failures.start('mfa-required');
  expect((await test(`accounts/${account}`)).ok).toBe(false);
  expect(await flow.api.call('GET', `/v1/accounts/${account}`)).toMatchObject({
    state: 'reauth-required',
    cause: { code: 'reauth-required', remedy: expect.stringContaining('second factor') as string },
  });
  const { id } = await flow.accept();
  expect(await flow.reaches(id, 'deferred')).toMatchObject({ cause: { code: 'reauth-required' } });
  await failures.stop('mfa-required');
  expect((await test(`accounts/${account}`)).ok).toBe(true);
  const mended = await flow.api.call('GET', `/v1/accounts/${account}`);
  expect(mended).toMatchObject({ state: 'connected' });
  expect(mended).not.toHaveProperty('cause');
  await flow.reaches(id, 'sent');
});

it('tests an incoming server without confirming it; confirming answers the server, or a problem with the report', async () => {
  const { failures } = flow.microsoft365;
  await failures.start('imap-disabled');
  const refused = await flow.api.ask('POST', `/v1/incoming-servers/${incoming}/confirm`);
  await failures.stop('imap-disabled');
  expect(refused).toMatchObject({
    status: 502,
    body: {
      code: 'mailbox-not-opened',
      report: { ok: false, summary: expect.stringContaining('imap-select') as string },
    },
  });
  const report = await test(`incoming-servers/${incoming}`);
  const signIn = ['credential passed', 'token passed', 'claims passed'];
  expect(legsOf(report)).toEqual([...signIn, 'imap-login passed', 'imap-select passed']);
  expect(await flow.api.call('GET', `/v1/incoming-servers/${incoming}`)).toMatchObject({
    state: 'draft',
    lastTest: report,
  });
  const confirmed = await flow.api.call('POST', `/v1/incoming-servers/${incoming}/confirm`);
  expect(confirmed).toMatchObject({ state: 'confirmed', lastTest: { ok: true } });
});

it('a server that says nothing ends each protocol in time, and does not keep the other legs from being told', async () => {
  await flow.microsoft365.failures.start('slow-server');
  const report = await test(`accounts/${account}`).finally(() => flow.microsoft365.failures.stop('slow-server'));
  expect(report.tookMs).toBeLessThan(25_000);
  expect(legsOf(report)).toEqual([
    ...['credential passed', 'token passed', 'claims passed', 'imap-login failed', 'imap-select not-reached'],
    ...['smtp-connect failed', 'smtp-login not-reached', 'smtp-sender not-reached'],
  ]);
  const causes = report.legs.filter(({ status }) => status === 'failed').map(({ cause }) => cause);
  expect(causes).toEqual([expect.stringContaining('in time'), expect.stringContaining('in time')]);
}, 60_000);

it('an account that nobody has connected is told so, and the server is looked at all the same', async () => {
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
  const report = await test(`accounts/${id}`);
  expect(legsOf(report)).toEqual([
    ...['credential skipped', 'token failed', 'claims not-reached', 'imap-login not-reached'],
    ...['imap-select not-reached', 'smtp-connect passed', 'smtp-login not-reached', 'smtp-sender not-reached'],
  ]);
  expect(report.legs[1]).toMatchObject({
    code: 'account-not-connected',
    actor: 'mailbox owner',
    remedy: expect.stringContaining(`/v1/accounts/${id}/connect`) as string,
  });
});

it.each(['accounts/acc_0000000000', 'outgoing-servers/out_0000000000', 'incoming-servers/inc_0000000000'])(
  'there is no test of %s',
  async (path) => {
    expect(await flow.api.ask('POST', `/v1/${path}/test`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  },
);
