import { beforeAll, expect, it } from 'vitest';
import { createCertificateAuthority, type KeyAndCertificate } from '../../dev/certificates.ts';
import { until } from '../../dev/until.ts';
import { startScriptedServer } from '../mail/scripted-server.ts';
import { folder, startTestImapServer } from '../mail/test-imap-server.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, serverOf } from '../support/receiving.ts';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string;
}

let flow: Flow;
let tls: KeyAndCertificate;
beforeAll(async () => {
  flow = await startFlow();
  tls = await flow.authority.issue(['localhost']);
});

const wanted = (port: number, more: object = {}) => ({
  ...{ name: 'Shop', auth: 'password', username: 'testuser', password: 'testpass', host: 'localhost', port },
  ...more,
});
const subjects = async (server: string) => (await listReceived(flow, server)).map(({ subject }) => subject);

async function confirm(body: object) {
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', body);
  return { id, ...(await flow.api.ask<Problem>('POST', `/v1/incoming-servers/${id}/confirm`)) };
}

it.each([
  ['TLS', true, {}],
  ['a private network without TLS', false, { encryption: 'none' }],
])('reads a mailbox over %s, and asks the vault for the password once', async (_, withTls, more) => {
  const server = await startTestImapServer(withTls ? tls : undefined, folder({ 1: mail('before') }));
  const id = await addConfirmed(flow, wanted(server.port, more));
  expect(await serverOf(flow, id)).toMatchObject({ auth: 'password', username: 'testuser', mailbox: 'testuser' });
  const reads = flow.vault.reads();
  for (const subject of ['first', 'second']) {
    server.append(mail(subject));
    await fetchNow(flow, id);
  }
  expect(await subjects(id)).toEqual(['second', 'first']);
  expect(flow.vault.reads()).toBe(reads);
});

it('says how to set another password when it is refused, and reads on with that, still confirmed', async () => {
  const server = await startTestImapServer(tls, folder({}));
  const id = await addConfirmed(flow, wanted(server.port));
  await fetchNow(flow, id);
  server.users['testuser'] = { password: 'changed' };
  server.append(mail('after the change'));
  const logins = server.logins();
  const refused = await fetchNow(flow, id);
  expect(refused.lastError).toMatchObject({
    code: 'mail-login-refused',
    remedy: expect.stringContaining(`PATCH /v1/incoming-servers/${id} {"password"`) as string,
  });
  // The vault has no other: a second try with the same one would only count against the mailbox.
  expect(server.logins() - logins).toBe(1);
  const changed = await flow.api.call('PATCH', `/v1/incoming-servers/${id}`, { password: 'changed' });
  expect(changed).toMatchObject({ state: 'confirmed' });
  await until(async () => (await subjects(id)).includes('after the change'));
});

it('begins anew in the mailbox of another username, after it was tested', async () => {
  const server = await startTestImapServer(tls, folder({}));
  const id = await addConfirmed(flow, wanted(server.port));
  server.append(mail('of the first'));
  await fetchNow(flow, id);
  server.users['other'] = { password: 'testpass' };
  const changed = await flow.api.call('PATCH', `/v1/incoming-servers/${id}`, { username: 'other' });
  expect(changed).toMatchObject({ state: 'draft', username: 'other', mailbox: 'other' });
  await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`);
  server.append(mail('of the other'));
  await fetchNow(flow, id);
  expect(await subjects(id)).toEqual(['of the other', 'of the first']);
  expect(server.commands.some((line) => /LOGIN "?other/.test(line))).toBe(true);
});

it('refuses TLS that cannot be relied on, before any password is sent', async () => {
  const foreign = await (await createCertificateAuthority()).issue(['localhost']);
  const other = await flow.authority.issue(['mail.shop.example']);
  for (const certificate of [foreign, other]) {
    const server = await startTestImapServer(certificate, folder({}));
    const answer = await confirm(wanted(server.port));
    expect(answer).toMatchObject({ status: 502, body: { code: 'mail-server-untrusted' } });
    expect(server.logins()).toBe(0);
  }
});

it('refuses a server that STARTTLS was taken from', async () => {
  const heard: string[] = [];
  const port = await startScriptedServer(async (peer) => {
    peer.say('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready');
    for (;;) {
      const line = await peer.hear();
      heard.push(line);
      const [tag = ''] = line.split(' ');
      if (line.includes('CAPABILITY')) peer.say('* CAPABILITY IMAP4rev1 AUTH=PLAIN', `${tag} OK done`);
      else peer.say(`${tag} BAD Not known`);
    }
  });
  const answer = await confirm(wanted(port, { encryption: 'starttls' }));
  expect(answer).toMatchObject({ status: 502, body: { code: 'mail-server-untrusted' } });
  expect(heard.filter((line) => /AUTHENTICATE|LOGIN/.test(line))).toEqual([]);
});
