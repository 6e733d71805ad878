import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createCertificateAuthority } from '../../dev/certificates.ts';
import { openSmtpSession } from '../../functions/mail/smtp-message-sender.ts';
import { mailCall } from './mail-call.ts';
import { startScriptedServer } from './scripted-server.ts';
import { annasLogin, startTestSmtpServer } from './test-smtp-server.ts';
import { trustedAuthority } from './trusted-authority.ts';

const tls = await (await trustedAuthority()).issue(['localhost']);
const content = Buffer.from('Subject: Hello\r\n\r\nFirst line\r\n.a dot\r\n');
const envelope = { from: 'anna@example.com', to: ['bert@example.org'] };

test('a message goes out over STARTTLS with a token', async () => {
  const server = await startTestSmtpServer(tls);
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  const result = await session.send(envelope, content, content.length);
  expect(result).toEqual({
    reply: '250 2.0.0 OK queued',
    recipients: [{ address: 'bert@example.org', accepted: true }],
  });
  expect(server.taken).toEqual([{ ...envelope, content: content.toString() }]);
  await session.close();
  expect(session.usable).toBe(false);
});

test('a message goes out over TLS with a password', async () => {
  const server = await startTestSmtpServer(tls, { secure: true });
  const login = annasLogin(server.port, 'tls', { kind: 'password', value: 'good password' });
  const session = await openSmtpSession(login, mailCall());
  await session.send(envelope, content, content.length);
  expect(server.taken).toHaveLength(1);
  await session.close();
});

test('a token is never sent without TLS', async () => {
  const server = await startTestSmtpServer(tls, { allowInsecureAuth: true });
  await expect(openSmtpSession(annasLogin(server.port, 'none'), mailCall())).rejects.toMatchObject({
    code: 'mail-server-untrusted',
  });
  expect(server.connections()).toBe(0);
});

test('two messages share a connection, and a refused one between them does no harm', async () => {
  const server = await startTestSmtpServer(tls, {
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? refusal(550, '5.1.1 No such user') : null);
    },
  });
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  await session.send(envelope, content, content.length);
  await expect(
    session.send({ ...envelope, to: ['nobody@example.org'] }, content, content.length),
  ).rejects.toMatchObject({
    code: 'recipient-refused',
    message: expect.stringContaining('nobody@example.org (550 5.1.1 No such user)') as string,
    data: { upstream: { protocol: 'smtp', code: '550', enhanced: '5.1.1', text: 'No such user' } },
  });
  expect(session.usable).toBe(true);
  await session.send(envelope, Readable.from([content.subarray(0, 9), content.subarray(9)]), content.length);
  expect(server.taken).toHaveLength(2);
  expect(server.taken[1]).toEqual(server.taken[0]);
  expect(server.connections()).toBe(1);
  await session.close();
});

test('recipients are answered for one by one', async () => {
  const server = await startTestSmtpServer(tls, {
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? refusal(550, '5.1.1 No such user') : null);
    },
  });
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  const to = ['bert@example.org', 'nobody@example.org', 'carl@bücher.example'];
  const result = await session.send({ ...envelope, to }, content, content.length);
  expect(result.recipients).toEqual([
    { address: 'bert@example.org', accepted: true },
    { address: 'nobody@example.org', accepted: false, reply: '550 5.1.1 No such user' },
    { address: 'carl@bücher.example', accepted: true },
  ]);
  expect(server.taken[0]?.to[0]).toBe('bert@example.org');
  await session.close();
});

test('when all recipients may be taken later, the server is busy; one that never will decides', async () => {
  const server = await startTestSmtpServer(tls, {
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('later') ? refusal(450, '4.2.1 Greylisted') : refusal(550, '5.1.1 No such user'));
    },
  });
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  const send = (...to: string[]) => session.send({ ...envelope, to }, content, content.length);
  await expect(send('later1@example.org', 'later2@example.org')).rejects.toMatchObject({ code: 'mail-server-busy' });
  await expect(send('later1@example.org', 'nobody@example.org')).rejects.toMatchObject({ code: 'recipient-refused' });
  await session.close();
});

test('a local part beyond ASCII asks for SMTPUTF8', async () => {
  let args: unknown;
  const server = await startTestSmtpServer(tls, {
    size: 1_000_000,
    onMailFrom(address, _session, done) {
      args = address.args;
      done();
    },
  });
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  await session.send({ ...envelope, to: ['jürgen@example.org'] }, content, content.length);
  expect(args).toMatchObject({ SMTPUTF8: true, SIZE: String(content.length) });
  expect(server.taken[0]?.to).toEqual(['jürgen@example.org']);
  await session.close();
});

test('a message above the server’s SIZE is refused before it is sent', async () => {
  const server = await startTestSmtpServer(tls, { size: 1000 });
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  const large = Buffer.alloc(1001, 'x\r\n');
  const refused = expect.stringMatching(
    new RegExp(`${large.length.toLocaleString('en')} octets.* 1,000 at most`),
  ) as string;
  await expect(session.send(envelope, large, large.length)).rejects.toMatchObject({
    code: 'message-too-large',
    message: refused,
  });
  await session.send(envelope, content, content.length);
  expect(server.taken).toHaveLength(1);
  await session.close();
});

test('a large message arrives whole', async () => {
  const server = await startTestSmtpServer(tls);
  const session = await openSmtpSession(annasLogin(server.port), mailCall());
  const large = Buffer.from(`Subject: Large\r\n\r\n${'.line of text\r\n'.repeat(400_000)}`);
  await session.send(envelope, large, large.length);
  expect(server.taken[0]?.content === large.toString()).toBe(true);
  await session.close();
});

test('a source that ends too early or fails is not sent as a whole message', async () => {
  const server = await startTestSmtpServer(tls);
  const short = await openSmtpSession(annasLogin(server.port), mailCall());
  await expect(short.send(envelope, Readable.from([content]), content.length + 1)).rejects.toMatchObject({
    code: 'internal-error',
  });
  expect(short.usable).toBe(false);

  const broken = await openSmtpSession(annasLogin(server.port), mailCall());
  const source = new Readable({
    read() {
      this.destroy(new Error('disk on fire'));
    },
  });
  await expect(broken.send(envelope, source, content.length)).rejects.toMatchObject({
    code: 'internal-error',
    cause: { message: 'disk on fire' },
  });
  expect(server.taken).toEqual([]);
});

test('a refused token brings the reply behind the challenge, after a single attempt', async () => {
  let attempts = 0;
  const server = await startTestSmtpServer(tls, {
    onAuth(_auth, _session, done) {
      attempts++;
      done(null, { data: { status: '401' } });
    },
  });
  await expect(
    openSmtpSession(annasLogin(server.port, 'starttls', { kind: 'token', value: 'stale' }), mailCall()),
  ).rejects.toMatchObject({ code: 'mail-login-refused', data: { upstream: { protocol: 'smtp', code: '535' } } });
  expect(attempts).toBe(1);
});

test('what is thrown holds no token', async () => {
  const server = await startTestSmtpServer(tls);
  const login = annasLogin(server.port, 'starttls', { kind: 'token', value: 'canary' });
  const thrown: unknown = await openSmtpSession(login, mailCall()).catch((error: unknown) => error);
  const shown = inspect(thrown, { depth: null, showHidden: true });
  expect(shown).toContain('535');
  expect(shown).not.toContain('canary');
  expect(shown).not.toContain(Buffer.from('Bearer canary').toString('base64').slice(2, -4));
});

test('the real refusal of a token is the reply to the challenge’s empty answer', async () => {
  const heard: string[] = [];
  const port = await startScriptedServer(async (peer) => {
    peer.say('220 ready');
    heard.push(await peer.hear());
    peer.say('250-hello', '250 AUTH LOGIN PLAIN XOAUTH2');
    heard.push(await peer.hear());
    peer.say(`334 ${Buffer.from('{"status":"401"}').toString('base64')}`);
    heard.push(await peer.hear());
    peer.say('535 5.7.3 Authentication unsuccessful [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]');
    await peer.gone;
  }, tls);
  await expect(openSmtpSession(annasLogin(port, 'tls'), mailCall())).rejects.toMatchObject({
    code: 'mail-login-refused',
    data: {
      upstream: {
        code: '535',
        enhanced: '5.7.3',
        text: expect.stringMatching(/^Authentication unsuccessful/) as string,
      },
    },
  });
  expect(heard[1]).toMatch(/^AUTH XOAUTH2 /);
  expect(Buffer.from(heard[1]?.split(' ')[2] ?? '', 'base64').toString()).toBe(
    'user=anna@example.com\x01auth=Bearer good token\x01\x01',
  );
  expect(heard[2]).toBe('');
  expect(heard).toHaveLength(3);
});

test('SMTP AUTH that is switched off is told from a bad token', async () => {
  const text =
    '5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.';
  const server = await startTestSmtpServer(tls, {
    onAuth(_auth, _session, done) {
      done(refusal(535, text));
    },
  });
  await expect(openSmtpSession(annasLogin(server.port), mailCall())).rejects.toMatchObject({
    code: 'smtp-auth-disabled',
    data: {
      remedy: expect.stringContaining('Set-CASMailbox -Identity anna@example.com') as string,
      upstream: { code: '535', enhanced: '5.7.139' },
    },
  });
});

test('a certificate nobody vouches for ends the connection, by STARTTLS and by TLS', async () => {
  const stranger = await (await createCertificateAuthority()).issue(['localhost']);
  const starttls = await startTestSmtpServer(stranger);
  const implicit = await startTestSmtpServer(stranger, { secure: true });
  for (const login of [annasLogin(starttls.port), annasLogin(implicit.port, 'tls')]) {
    await expect(openSmtpSession(login, mailCall())).rejects.toMatchObject({ code: 'mail-server-untrusted' });
  }
});

test('a certificate for another host ends the connection', async () => {
  const server = await startTestSmtpServer(tls);
  const login = { ...annasLogin(server.port), host: '127.0.0.1' };
  await expect(openSmtpSession(login, mailCall())).rejects.toMatchObject({
    code: 'mail-server-untrusted',
    data: { upstream: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } },
  });
});

test('a server without STARTTLS gets no login', async () => {
  const server = await startTestSmtpServer(tls, { disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
  await expect(openSmtpSession(annasLogin(server.port), mailCall())).rejects.toMatchObject({
    code: 'mail-server-untrusted',
  });
});

test('the end of the call ends a session', async () => {
  const server = await startTestSmtpServer(tls, { onData: () => undefined });
  const controller = new AbortController();
  const session = await openSmtpSession(annasLogin(server.port), mailCall(controller.signal));
  const sending = session.send(envelope, new Readable({ read: () => undefined }), content.length);
  setImmediate(() => {
    controller.abort();
  });
  await expect(sending).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  expect(session.usable).toBe(false);
  await session.close();
  await expect(openSmtpSession(annasLogin(server.port), mailCall(controller.signal))).rejects.toMatchObject({
    code: 'mail-server-unreachable',
  });
});

function refusal(responseCode: number, message: string) {
  return Object.assign(new Error(message), { responseCode });
}
