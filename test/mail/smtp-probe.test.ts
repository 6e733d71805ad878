import { expect, test } from 'vitest';
import { openSmtpProbe } from '../../functions/mail/smtp-probe.ts';
import { mailCall } from './mail-call.ts';
import { startScriptedServer } from './scripted-server.ts';
import { annasLogin, startTestSmtpServer } from './test-smtp-server.ts';
import { trustedAuthority } from './trusted-authority.ts';

const tls = await (await trustedAuthority()).issue(['localhost']);

test('names senders one after the other, takes each back, and sends nothing', async () => {
  const named: string[] = [];
  const server = await startTestSmtpServer(tls, {
    onMailFrom({ address }, session, done) {
      // The envelope of a sender that was not taken back would still be there.
      named.push(`${address} after ${session.envelope.mailFrom === false ? 'nobody' : 'another'}`);
      if (address.startsWith('shop')) done(Object.assign(new Error('5.7.60 Not allowed'), { responseCode: 550 }));
      else done();
    },
  });
  const login = annasLogin(server.port);
  const probe = await openSmtpProbe(login, mailCall());
  await probe.login(login);
  await probe.sender('anna@example.com');
  await expect(probe.sender('shop@example.com')).rejects.toMatchObject({
    code: 'sender-refused',
    data: {
      upstream: { protocol: 'smtp', code: '550', enhanced: '5.7.60', text: 'Not allowed' },
      remedy: expect.stringContaining('-Identity shop@example.com -Trustee anna@example.com') as string,
    },
  });
  await probe.sender('anna@example.com');
  await probe.close();
  expect(named).toEqual([
    'anna@example.com after nobody',
    'shop@example.com after nobody',
    'anna@example.com after nobody',
  ]);
  expect(server.taken).toEqual([]);
});

test('a refused login is told as a login', async () => {
  const server = await startTestSmtpServer(tls);
  const login = annasLogin(server.port, 'starttls', { kind: 'token', value: 'bad token' });
  const probe = await openSmtpProbe(login, mailCall());
  await expect(probe.login(login)).rejects.toMatchObject({ code: 'mail-login-refused' });
  await probe.close();
});

test('a token is never sent without TLS', async () => {
  const server = await startTestSmtpServer(tls, { allowInsecureAuth: true });
  const login = annasLogin(server.port, 'none');
  const probe = await openSmtpProbe(login, mailCall());
  await expect(probe.login(login)).rejects.toMatchObject({ code: 'mail-server-untrusted' });
  await probe.close();
});

test('a server that says nothing is left when the time is over', async () => {
  const login = annasLogin(await startScriptedServer(() => Promise.resolve()));
  await expect(openSmtpProbe(login, mailCall(AbortSignal.timeout(200)))).rejects.toMatchObject({
    code: 'mail-server-unreachable',
  });
});
