import { beforeAll, expect, it } from 'vitest';
import type { KeyAndCertificate } from '../../dev/certificates.ts';
import { folder, startTestImapServer } from '../mail/test-imap-server.ts';
import { startTestSmtpServer } from '../mail/test-smtp-server.ts';
import { fetchNow, listReceived, mail, serverOf } from '../support/receiving.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';
import { openVault, readAllSecrets } from '../support/vault-secrets.ts';

interface Report {
  readonly ok: boolean;
  readonly summary: string;
  readonly legs: readonly { readonly leg: string; readonly status: string; readonly remedy?: string }[];
}

const outgoing = '/v1/outgoing-servers';
const incoming = '/v1/incoming-servers';
const login = { name: 'Shop', auth: 'password', username: 'shop', password: 'right', host: 'localhost' };
const skipped = ['credential skipped', 'token skipped', 'claims skipped'];
// None of what mends Exchange mends another server.
const exchange = /Set-CASMailbox|Add-RecipientPermission|MailboxPermission|Connect it again|Connect the account/;

let flow: SendingFlow;
let tls: KeyAndCertificate;
beforeAll(async () => {
  flow = await startSendingFlow();
  tls = await flow.authority.issue(['localhost']);
});

const add = async (path: string, server: object): Promise<string> =>
  (await flow.api.call<{ id: string }>('POST', path, { ...login, ...server })).id;
const test = (path: string, id: string): Promise<Report> => flow.api.call('POST', `${path}/${id}/test`);
const legsOf = ({ legs }: Report): string[] => legs.map(({ leg, status }) => `${leg} ${status}`);

/** A server that takes one password, and only its own address as the sender. */
const startSmtp = (isOpen = () => true) =>
  startTestSmtpServer(tls, {
    onAuth({ password }, _session, done) {
      if (password === 'right' && isOpen()) done(null, { user: 'shop' });
      else done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
    },
    onMailFrom({ address }, _session, done) {
      if (address === 'shop@shop.example') done();
      else done(Object.assign(new Error('5.7.1 Not owned by user shop'), { responseCode: 553 }));
    },
  });

it('tests an outgoing server with its password, without Microsoft, and sends nothing', async () => {
  const smtp = await startSmtp();
  const { tokenRequests } = flow.microsoft365.sessions;
  const id = await add(outgoing, { port: smtp.port, fromFilter: ['shop@shop.example', 'shop.example'] });
  const works = await test(outgoing, id);
  expect(works).toMatchObject({ ok: true, summary: 'The mailbox works.' });
  const entered = ['smtp-connect passed', 'smtp-login passed'];
  expect(legsOf(works)).toEqual([...skipped, ...entered, 'smtp-sender passed']);
  expect(await flow.api.call('GET', `${outgoing}/${id}`)).toMatchObject({ lastTest: works });
  expect(flow.microsoft365.sessions.tokenRequests).toBe(tokenRequests);

  await flow.api.call('PATCH', `${outgoing}/${id}`, { fromFilter: ['eve@shop.example'] });
  const refused = await test(outgoing, id);
  expect(legsOf(refused)).toEqual([...skipped, ...entered, 'smtp-sender failed']);
  expect(refused.legs.at(-1)).toMatchObject({ code: 'sender-refused', upstream: { code: '553' } });
  expect(refused.legs.at(-1)?.remedy).toContain('change the From filter');
  expect(JSON.stringify(refused)).not.toMatch(exchange);

  await flow.api.call('PATCH', `${outgoing}/${id}`, { fromFilter: [] });
  expect(legsOf(await test(outgoing, id))).toEqual([...skipped, ...entered, 'smtp-sender skipped']);
  expect(smtp.taken).toEqual([]);
});

it('a test that passes sends at once what a refused password kept', async () => {
  let isOpen = false;
  const smtp = await startSmtp(() => isOpen);
  const id = await add(outgoing, { port: smtp.port, fromFilter: ['shop@shop.example'] });
  const message = await flow.accept({ from: 'shop@shop.example', outgoingServer: id });
  await flow.reaches(message.id, 'deferred');
  const refused = await test(outgoing, id);
  expect(legsOf(refused)).toEqual([...skipped, 'smtp-connect passed', 'smtp-login failed', 'smtp-sender not-reached']);
  expect(refused.legs[4]).toMatchObject({ code: 'mail-login-refused', actor: 'operator' });
  expect(refused.legs[4]?.remedy).toContain(`PATCH ${outgoing}/${id} {"password"`);
  expect(JSON.stringify(refused)).not.toMatch(exchange);
  isOpen = true;
  expect((await test(outgoing, id)).ok).toBe(true);
  await flow.reaches(message.id, 'sent');
});

it('tests and confirms an incoming server with its password', async () => {
  const imap = await startTestImapServer(tls, folder({}));
  imap.users['shop'] = { password: 'right' };
  const id = await add(incoming, { port: imap.port, password: 'wrong', folders: ['INBOX'] });
  const refused = await test(incoming, id);
  expect(legsOf(refused)).toEqual([...skipped, 'imap-login failed', 'imap-select not-reached']);
  expect(refused.legs[3]).toMatchObject({ code: 'mail-login-refused' });
  expect(refused.legs[3]?.remedy).toContain(`PATCH ${incoming}/${id} {"password"`);
  const unconfirmed = await flow.api.ask('POST', `${incoming}/${id}/confirm`);
  expect(unconfirmed).toMatchObject({ status: 502, body: { code: 'mail-login-refused' } });
  expect(JSON.stringify([refused, unconfirmed.body])).not.toMatch(exchange);

  await flow.api.call('PATCH', `${incoming}/${id}`, { password: 'right', folders: ['INBOX', 'Orders'] });
  const missing = await test(incoming, id);
  expect(legsOf(missing)).toEqual([...skipped, 'imap-login passed', 'imap-select failed']);
  await flow.api.call('PATCH', `${incoming}/${id}`, { folders: ['INBOX'] });
  const works = await test(incoming, id);
  expect(legsOf(works)).toEqual([...skipped, 'imap-login passed', 'imap-select passed']);
  expect(await serverOf(flow, id)).toMatchObject({ state: 'draft', lastTest: works });
  expect(await flow.api.call('POST', `${incoming}/${id}/confirm`)).toMatchObject({ state: 'confirmed' });
  imap.append(mail('Order'));
  await fetchNow(flow, id);
  expect(await listReceived(flow, id)).toMatchObject([{ subject: 'Order' }]);
});

it('says so when the password is gone from the vault', async () => {
  const smtp = await startSmtp();
  const id = await add(outgoing, { port: smtp.port, password: 'soon gone' });
  const vault = openVault(flow.settings);
  for (const [name, value] of Object.entries(await readAllSecrets(flow.settings)))
    if (value === 'soon gone') await (await vault.beginDeleteSecret(name)).pollUntilDone();
  const { legs } = await test(outgoing, id);
  expect(legs[4]).toMatchObject({ leg: 'smtp-login', status: 'failed', code: 'mail-login-refused' });
  expect(legs[4]?.remedy).toBe(`Set it: PATCH ${outgoing}/${id} {"password": "..."}.`);
});
