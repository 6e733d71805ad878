import { beforeAll, describe, expect, it } from 'vitest';
import type { SMTPServerOptions } from 'smtp-server';
import { createCertificateAuthority, type KeyAndCertificate } from '../../dev/certificates.ts';
import { until } from '../../dev/until.ts';
import { startScriptedServer } from '../mail/scripted-server.ts';
import { startTestSmtpServer } from '../mail/test-smtp-server.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';
import { openVault, readAllSecrets } from '../support/vault-secrets.ts';

interface Server {
  readonly id: string;
  readonly pausedUntil?: string;
  readonly lastError?: { readonly code: string; readonly remedy?: string };
}

let flow: SendingFlow;
let tls: KeyAndCertificate;
beforeAll(async () => {
  flow = await startSendingFlow();
  tls = await flow.authority.issue(['localhost']);
});

/** A server that takes one password, which can change, and counts the logins it was asked for. */
async function startServer(options: SMTPServerOptions = {}) {
  const login = { password: 'first password', attempts: 0 };
  const server = await startTestSmtpServer(tls, {
    onAuth({ username = '', password }, _session, done) {
      login.attempts++;
      if (username === 'shop' && password === login.password) done(null, { user: username });
      else done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
    },
    ...options,
  });
  return { ...server, login };
}

const addServer = (port: number, more: object = {}): Promise<{ id: string }> =>
  flow.addServer({
    ...{ name: 'Shop', auth: 'password', username: 'shop', password: 'first password', host: 'localhost', port },
    ...more,
  });
const accept = (server: string) => flow.accept({ from: 'shop@shop.example', outgoingServer: server });
const shown = (id: string): Promise<Server> => flow.api.call('GET', `/v1/outgoing-servers/${id}`);
const paused = (id: string): Promise<Server> =>
  until(async () => (await shown(id)).pausedUntil !== undefined && shown(id));

it.each([
  ['STARTTLS', {}, {}],
  ['TLS', { secure: true }, { encryption: 'tls' }],
  ['a private network without TLS', { allowInsecureAuth: true, hideSTARTTLS: true }, { encryption: 'none' }],
])('sends over %s, and asks the vault for the password once', async (_, options, more) => {
  const server = await startServer(options);
  const { id } = await addServer(server.port, more);
  await flow.reaches((await accept(id)).id, 'sent');
  const reads = flow.vault.reads();
  for (let n = 0; n < 3; n++) await flow.reaches((await accept(id)).id, 'sent');
  expect(server.taken).toHaveLength(4);
  expect(server.taken[0]).toMatchObject({ from: 'shop@shop.example', to: ['grace@contoso.example'] });
  expect(flow.vault.reads()).toBe(reads);
});

it('pauses when the password is refused, says how to set another, and goes on with that at once', async () => {
  const server = await startServer();
  const { id } = await addServer(server.port, { password: 'wrong password' });
  const message = await accept(id);
  const deferred = await flow.reaches(message.id, 'deferred');
  const cause = {
    code: 'mail-login-refused',
    remedy: expect.stringContaining(`/v1/outgoing-servers/${id} {"password"`) as string,
  };
  expect(deferred).toMatchObject({ attempts: 0, cause });
  expect(await paused(id)).toMatchObject({ lastError: cause });
  // The vault has no other: a second try with the same one would only count against the mailbox.
  expect(server.login.attempts).toBe(1);

  const before = Object.keys(await readAllSecrets(flow.settings)).filter((name) => name.startsWith('password-'));
  const changed = await flow.api.call('PATCH', `/v1/outgoing-servers/${id}`, { password: 'first password' });
  expect(changed).toMatchObject({ auth: 'password', username: 'shop' });
  await flow.reaches(message.id, 'sent');
  const after = Object.keys(await readAllSecrets(flow.settings)).filter((name) => name.startsWith('password-'));
  expect(after).toHaveLength(before.length);
  expect(after).not.toEqual(before);
});

it('finds a password that was set in the vault by hand as soon as the old one is refused', async () => {
  const server = await startServer();
  const { id } = await addServer(server.port);
  await flow.reaches((await accept(id)).id, 'sent');
  server.login.password = 'by hand';
  for (const [name, value] of Object.entries(await readAllSecrets(flow.settings)))
    if (value === 'first password') await openVault(flow.settings).setSecret(name, 'by hand');
  await flow.reaches((await accept(id)).id, 'sent');
  expect(server.login.attempts).toBe(3);
});

describe('TLS that cannot be relied on', () => {
  it('is refused when the certificate is of another authority, or for another host', async () => {
    const foreign = await (await createCertificateAuthority()).issue(['localhost']);
    const other = await flow.authority.issue(['mail.shop.example']);
    for (const certificate of [foreign, other]) {
      const server = await startServer({ ...certificate });
      const { id } = await addServer(server.port);
      await accept(id);
      expect(await paused(id)).toMatchObject({ lastError: { code: 'mail-server-untrusted' } });
      expect(server.login.attempts).toBe(0);
    }
  });

  it('is refused when STARTTLS was taken out of the way', async () => {
    const heard: string[] = [];
    const port = await startScriptedServer(async (peer) => {
      peer.say('220 mail ESMTP');
      for (;;) {
        const line = await peer.hear();
        heard.push(line);
        if (line.startsWith('EHLO')) peer.say('250-mail', '250 AUTH PLAIN LOGIN');
        else peer.say('502 5.5.1 Not implemented');
      }
    });
    const { id } = await addServer(port);
    await accept(id);
    expect(await paused(id)).toMatchObject({ lastError: { code: 'mail-server-untrusted' } });
    expect(heard.some((line) => line.startsWith('STARTTLS'))).toBe(true);
    expect(heard.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });
});
