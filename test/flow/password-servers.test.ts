import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { folder, startTestImapServer } from '../mail/test-imap-server.ts';
import { startTestSmtpServer } from '../mail/test-smtp-server.ts';
import { createAnswerJudge, type OpenApi } from '../support/openapi.ts';
import { addConfirmed, fetchNow } from '../support/receiving.ts';
import { refusedPointers } from '../support/refused-pointers.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';
import { readAllTables } from '../support/tables.ts';
import { readAllSecrets } from '../support/vault-secrets.ts';

const outgoing = '/v1/outgoing-servers';
const incoming = '/v1/incoming-servers';
const login = {
  name: 'Shop',
  auth: 'password',
  username: 'shop@shop.example',
  password: 'a password',
  host: 'localhost',
};

let flow: SendingFlow;
let account: { id: string };
beforeAll(async () => {
  flow = await startSendingFlow();
  account = await flow.api.call('POST', '/v1/accounts', { address: 'ada@contoso.example' });
});

const passwords = async (): Promise<string[]> =>
  Object.entries(await readAllSecrets(flow.settings)).flatMap(([name, value]) =>
    name.startsWith('password-') ? [value] : [],
  );

describe.each([
  ['an outgoing server', outgoing, { port: 587, encryption: 'starttls', fromFilter: ['shop@shop.example'] }],
  ['an incoming server', incoming, { port: 993, encryption: 'tls', mailbox: 'shop@shop.example', state: 'draft' }],
])('%s with a password', (_, path, defaults) => {
  it('is shown with its username, never with its password; it is gone from the vault with the server', async () => {
    const password = `the word of ${path}`;
    const made = await flow.api.ask<{ id: string }>('POST', path, { ...login, password });
    const { id } = made.body;
    const read = await flow.api.ask('GET', `${path}/${id}`);
    const { data } = await flow.api.call<{ data: unknown[] }>('GET', path);
    for (const body of [made.body, read.body, data[0]]) {
      expect(body).toMatchObject({ auth: 'password', username: 'shop@shop.example', host: 'localhost', ...defaults });
      expect(JSON.stringify(body)).not.toMatch(/the word|passwordSecret|account/);
    }
    const document = await flow.api.call<OpenApi>('GET', '/openapi.json');
    const operation = document.paths[`${path}/{id}`]?.['get'];
    if (operation === undefined) throw new Error('The document does not have it.');
    expect(createAnswerJudge(document)(operation, 200, 'application/json', read.body)).toBeUndefined();
    expect(await passwords()).toContain(password);
    expect(await flow.api.ask('DELETE', `${path}/${id}`)).toMatchObject({ status: 204 });
    expect(await passwords()).not.toContain(password);
  });

  it.each<[string, object, string[]]>([
    ['no password', { password: undefined }, ['/password']],
    ['an empty password', { password: '' }, ['/password']],
    ['a password of two lines', { password: 'a\r\nb' }, ['/password']],
    ['no username', { username: undefined }, ['/username']],
    ['no host', { host: undefined }, ['/host']],
    ['an account', { account: 'acc_aaaaaaaaaa' }, ['/account']],
    ['another kind of login', { auth: 'kerberos' }, ['/auth']],
  ])('is refused with %s', async (_, change, pointers) => {
    expect(await refusedPointers(flow.api, path, { ...login, ...change })).toEqual(pointers);
  });

  it('is changed without losing anything when somebody else was faster', async () => {
    const { id } = await flow.api.call<{ id: string }>('POST', path, { ...login, password: 'the right one' });
    const before = await passwords();
    const stale = await flow.api.ask('PATCH', `${path}/${id}`, { password: 'x' }, { 'if-match': 'W/"old"' });
    expect(stale.status).toBe(412);
    expect(await passwords()).toEqual(before);
    expect(await refusedPointers(flow.api, `${path}/${id}`, { account: account.id }, 'PATCH')).toEqual(['/account']);
  });

  it('does not send its password to another host, or without TLS, unless it is given again', async () => {
    const { id } = await flow.api.call<{ id: string }>('POST', path, login);
    for (const change of [{ host: 'mail.evil.example' }, { encryption: 'none' }])
      expect(await refusedPointers(flow.api, `${path}/${id}`, change, 'PATCH')).toEqual(['/password']);
    const moved = { host: 'mail.shop.example', encryption: 'none', password: 'another' };
    expect(await flow.api.call('PATCH', `${path}/${id}`, moved)).toMatchObject({ encryption: 'none' });
  });

  it('has no account to connect', async () => {
    const { id } = await flow.api.call<{ id: string }>('POST', path, login);
    const answer = await flow.api.ask('POST', `${path}/${id}/connect`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body['remedy']).toContain(`PATCH ${path}/${id} {"password"`);
  });
});

it('a server with an account takes neither a password nor a connection without TLS', async () => {
  for (const path of [outgoing, incoming]) {
    const server = { name: 'Ada', account: account.id };
    expect(await refusedPointers(flow.api, path, { ...server, encryption: 'none' })).toEqual(['/encryption']);
    expect(await refusedPointers(flow.api, path, { ...server, password: 'x' })).toEqual(['/password']);
    const { id } = await flow.api.call<{ id: string }>('POST', path, server);
    const change = { password: 'x', username: 'y', encryption: 'none' };
    const pointers = await refusedPointers(flow.api, `${path}/${id}`, change, 'PATCH');
    expect(pointers.toSorted()).toEqual(['/encryption', '/password', '/username']);
  }
});

it('an incoming server may be told its mailbox instead of its username', async () => {
  const { username, ...rest } = login;
  const made = await flow.api.call<{ id: string }>('POST', incoming, { ...rest, mailbox: username });
  expect(made).toMatchObject({ username, mailbox: username });
  const another = { ...login, mailbox: 'other@shop.example' };
  expect(await refusedPointers(flow.api, incoming, another)).toEqual(['/mailbox']);
  const change = { mailbox: 'other@shop.example' };
  expect(await refusedPointers(flow.api, `${incoming}/${made.id}`, change, 'PATCH')).toEqual(['/mailbox']);
});

it('tells how the chosen server logs in', async () => {
  const route = await flow.api.call('POST', `${outgoing}/resolve`, { from: 'shop@shop.example' });
  expect(route).toMatchObject({ outgoingServer: { auth: 'password', username: 'shop@shop.example' } });
});

it('keeps passwords in the vault alone: not in tables, the log or answers', async () => {
  const tls = await flow.authority.issue(['localhost']);
  const smtp = await startTestSmtpServer(tls, {
    onAuth: (_auth, _session, done) => {
      done(Object.assign(new Error('5.7.8 No'), { responseCode: 535 }));
    },
  });
  const imap = await startTestImapServer(tls, folder({}));
  const secret = 'canary-in-the-mine';
  const password = { ...login, username: 'testuser', password: secret };
  const { id } = await flow.api.call<{ id: string }>('POST', outgoing, { ...password, port: smtp.port });
  const { id: message } = await flow.accept({ outgoingServer: id });
  await flow.reaches(message, 'deferred');
  imap.users['testuser'] = { password: secret };
  const reading = await addConfirmed(flow, { ...password, port: imap.port });
  imap.users['testuser'] = { password: 'another' };
  expect(await fetchNow(flow, reading)).toHaveProperty('lastError');
  await until(() => Promise.resolve(flow.log.some((line) => line.includes('A mailbox could not be read.'))));

  const answers = [`${outgoing}/${id}`, `${incoming}/${reading}`, outgoing, incoming, `/v1/messages/${message}`];
  const places: Record<string, string> = {
    ...(await readAllTables(flow.storage.connectionString)),
    log: flow.log.join('\n'),
  };
  for (const path of answers) places[path] = JSON.stringify(await flow.api.call('GET', path));
  expect(await passwords()).toContain(secret);
  expect(places['configuration']).toContain('passwordSecret');
  // SASL PLAIN and LOGIN (RFC 4616) carry it in base64.
  const forms = [secret, btoa(secret), btoa(`\0testuser\0${secret}`)];
  for (const [place, text] of Object.entries(places))
    for (const form of forms) expect(text.includes(form), `the password stands in ${place}`).toBe(false);
});
