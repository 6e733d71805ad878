import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { createTransport } from 'nodemailer';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Microsoft365 } from '../../../dev/microsoft365/start-microsoft365.ts';
import { objectIdOf } from '../../../dev/microsoft365/directory.ts';
import {
  applicationToken,
  clientId,
  messagesIn,
  signIn,
  smtpClient,
  smtpClientOf,
  startTenant,
} from './tenant-for-test.ts';

const mail = { from: 'anna@contoso.test', to: 'bert@contoso.test', subject: 'Hello', text: 'Hello' };

test('what a user sends lies in the recipients’ inboxes and in his own sent items', async () => {
  const microsoft365 = await startTenant();
  const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
  const sent = await client.sendMail({
    ...mail,
    to: ['bert@contoso.test', 'sales@contoso.test', 'A.Arlig@contoso.test'],
    bcc: 'carl@contoso.test',
    messageId: '<one@contoso.test>',
  });

  expect(sent.response).toBe('250 2.0.0 OK <one@contoso.test> [Hostname=localhost]');
  for (const address of ['bert', 'sales', 'anna', 'carl']) {
    const [message, ...more] = messagesIn(microsoft365, `${address}@contoso.test`);
    expect(more).toEqual([]);
    const text = message?.raw.toString() ?? '';
    expect(text).toMatch(/^Return-Path: <anna@contoso\.test>\r\nReceived: from /);
    expect(text).toMatch(/^Message-ID: <one@contoso\.test>\r$/m);
    expect(text).not.toMatch(/^bcc:/im);
    expect(message?.flags).toEqual([]);
  }
  const [copy, ...others] = messagesIn(microsoft365, 'anna@contoso.test', 'Sent Items');
  expect(others).toEqual([]);
  expect(copy?.flags).toEqual(['\\Seen']);
  expect(copy?.raw.toString()).not.toMatch(/^Return-Path:/m);
  expect(microsoft365.sessions).toMatchObject({ smtpConnections: 1, smtpMessages: 1 });
});

test('the bytes of a body arrive as they were sent, 20 MB of them', async () => {
  const microsoft365 = await startTenant();
  const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
  const line = `${'ü€\u0000'.repeat(20)}\r\n..dots\r\n`;
  const body = Buffer.from(line.repeat(Math.ceil(20_000_000 / Buffer.byteLength(line))));
  const header = Buffer.from('From: anna@contoso.test\r\nTo: bert@contoso.test\r\nMessage-ID: <b@x>\r\n\r\n');
  await client.sendMail({
    envelope: { from: 'anna@contoso.test', to: 'bert@contoso.test' },
    raw: Buffer.concat([header, body]),
  });
  const [message] = messagesIn(microsoft365, 'bert@contoso.test');
  const raw = message?.raw ?? Buffer.alloc(0);
  expect(raw.subarray(raw.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true);
});

test('a mailbox that replaces Message-IDs keeps the one it was given', async () => {
  const microsoft365 = await startTenant();
  const client = await smtpClientOf(microsoft365, 'bert@contoso.test');
  const sent = await client.sendMail({ ...mail, from: 'bert@contoso.test', messageId: '<own@contoso.test>' });
  const given = /<[^>]+@localhost>/.exec(sent.response)?.[0] ?? 'none';
  for (const path of ['INBOX', 'Sent Items']) {
    const text = messagesIn(microsoft365, 'bert@contoso.test', path)[0]?.raw.toString() ?? '';
    expect(text.match(/^Message-ID: .*$/gim)).toEqual([`Message-ID: ${given}`]);
    expect(text).toMatch(/^X-Microsoft-Original-Message-ID: <own@contoso\.test>\r$/m);
  }
});

test('mail to other domains stays here', async () => {
  const microsoft365 = await startTenant();
  const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
  await client.sendMail({ ...mail, to: ['bert@contoso.test', 'somebody@example.com'] });
  expect(microsoft365.outside()).toHaveLength(1);
  expect(microsoft365.outside()[0]?.envelope).toEqual({ from: 'anna@contoso.test', to: ['somebody@example.com'] });
  expect(messagesIn(microsoft365, 'bert@contoso.test')).toHaveLength(1);
});

test('a recipient that does not exist is reported to the sender', async () => {
  const microsoft365 = await startTenant();
  const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
  await client.sendMail({ ...mail, to: 'nobody@contoso.test', messageId: '<lost@contoso.test>' });
  const report = messagesIn(microsoft365, 'anna@contoso.test')[0]?.raw.toString() ?? '';
  expect(report).toMatch(/^Return-Path: <>\r\n/);
  expect(report).toMatch(/^Content-Type: multipart\/report; report-type=delivery-status; boundary=/m);
  expect(report).toMatch(/^Final-Recipient: rfc822;nobody@contoso\.test\r$/m);
  expect(report).toMatch(/^Status: 5\.1\.10\r$/m);
  expect(report).toMatch(/^In-Reply-To: <lost@contoso\.test>\r$/m);
});

describe('who may send as whom', () => {
  test.each(['a.arlig@contoso.test', 'Sales <sales@contoso.test>'])('Anna may send as %s', async (from) => {
    const microsoft365 = await startTenant();
    const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
    await client.sendMail({ ...mail, from });
    expect(messagesIn(microsoft365, 'anna@contoso.test', 'Sent Items')).toHaveLength(1);
    expect(messagesIn(microsoft365, 'sales@contoso.test', 'Sent Items')).toHaveLength(0);
  });

  test.each([
    ['the header', { ...mail, from: 'sales@contoso.test', envelope: { from: 'bert@contoso.test', to: mail.to } }],
    ['the envelope', { ...mail, from: 'bert@contoso.test', envelope: { from: 'sales@contoso.test', to: mail.to } }],
  ])('Bert may not send as the shared mailbox in %s', async (_where, message) => {
    const microsoft365 = await startTenant();
    const client = await smtpClientOf(microsoft365, 'bert@contoso.test');
    await expect(client.sendMail(message)).rejects.toMatchObject({
      responseCode: 554,
      response:
        '554 5.2.252 SendAsDenied; bert@contoso.test not allowed to send as sales@contoso.test; ' +
        'STOREDRV.Submission.Exception:SendAsDeniedException',
    });
    expect(microsoft365.sessions.smtpMessages).toBe(0);
    expect(messagesIn(microsoft365, 'bert@contoso.test')).toHaveLength(0);
  });

  test('an application may send as a mailbox it was let into', async () => {
    const microsoft365 = await startTenant();
    const { exchange } = microsoft365;
    const logIn = async () => {
      const token = await applicationToken(microsoft365);
      return smtpClient(microsoft365, 'sales@contoso.test', token);
    };
    const isRefused = async () => expect((await logIn()).verify()).rejects.toMatchObject({ responseCode: 535 });
    await isRefused();
    exchange.assignSendAsApp('sales@contoso.test', objectIdOf(clientId));
    await isRefused();
    exchange.newServicePrincipal(objectIdOf(clientId));
    const client = await logIn();
    await client.sendMail({ ...mail, from: 'sales@contoso.test' });
    await expect(client.sendMail(mail)).rejects.toMatchObject({ responseCode: 554 });
    expect(messagesIn(microsoft365, 'sales@contoso.test', 'Sent Items')).toHaveLength(1);

    // With the permission in its token the role does not count.
    microsoft365.grantToApplication(clientId, ['SMTP.SendAsApp']);
    await isRefused();
    exchange.addMailboxPermission('sales@contoso.test', objectIdOf(clientId));
    await expect((await logIn()).verify()).resolves.toBe(true);
  });
});

describe('sign-in', () => {
  test('a password is refused', async () => {
    const { smtp } = await startTenant();
    const auth = { user: 'anna@contoso.test', pass: 'secret' };
    for (const authMethod of ['LOGIN', 'PLAIN']) {
      await expect(createTransport({ ...smtp, requireTLS: true, auth, authMethod }).verify()).rejects.toMatchObject({
        code: 'EAUTH',
        response: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
      });
    }
  });

  test('a token is good for its user only, and only if it is ours', async () => {
    const microsoft365 = await startTenant();
    const { accessToken } = await signIn(microsoft365, 'anna@contoso.test');
    const verify = (user: string, token: string) => smtpClient(microsoft365, user, token).verify();
    await expect(verify('anna@contoso.test', accessToken)).resolves.toBe(true);
    await expect(verify('a.arlig@contoso.test', accessToken)).resolves.toBe(true);
    const forged = `${accessToken.slice(0, -8)}AAAAAAAA`;
    for (const [user, token] of [
      ['bert@contoso.test', accessToken],
      ['sales@contoso.test', accessToken],
      ['anna@contoso.test', forged],
    ] as const) {
      await expect(verify(user, token)).rejects.toMatchObject({ responseCode: 535, code: 'EAUTH' });
    }
  });

  test('a fourth connection of one user at once may not send', async () => {
    const microsoft365 = await startTenant();
    const { accessToken } = await signIn(microsoft365, 'anna@contoso.test');
    const auth = { type: 'OAuth2' as const, user: 'anna@contoso.test', accessToken };
    const pool = createTransport({ ...microsoft365.smtp, requireTLS: true, auth, pool: true, maxConnections: 4 });
    try {
      const results = await Promise.allSettled([1, 2, 3, 4].map(() => pool.sendMail(mail)));
      const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason));
      expect(refused).toEqual([
        expect.stringContaining('432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded'),
      ]);
    } finally {
      pool.close();
    }
  });
});

/** A connection that has been through STARTTLS, and what was said until then. */
async function secureDialogue({ smtp }: Microsoft365) {
  const plain = connectPlain(smtp.port);
  const inClear = dialogue(plain);
  const said = [await inClear.reply(), await inClear.ask('EHLO laptop'), await inClear.ask('STARTTLS')];
  const socket = connectTls({ socket: plain, servername: 'localhost' });
  onTestFinished(() => {
    socket.destroy();
  });
  return { said, socket, ...dialogue(socket) };
}

test('the server speaks as Exchange does', async () => {
  const { said, ask } = await secureDialogue(await startTenant());
  expect(said[0]).toEqual(['220 localhost ESMTP Microsoft ESMTP MAIL Service ready']);
  expect(said[1]).toEqual(expect.arrayContaining(['250-SIZE 157286400', '250-STARTTLS']));
  expect(said[2]).toEqual(['220 2.0.0 SMTP server ready']);
  const capabilities = await ask('EHLO laptop');
  expect(capabilities).toEqual(expect.arrayContaining(['250-AUTH LOGIN XOAUTH2', '250 ENHANCEDSTATUSCODES']));
  expect(capabilities.join()).not.toContain('STARTTLS');
  expect(await ask('MAIL FROM:<anna@contoso.test>')).toEqual(['530 5.7.57 Client not authenticated to send mail.']);
  expect(await ask('QUIT')).toEqual(['221 2.0.0 Service closing transmission channel']);
});

test('a message whose sender goes away in the middle is not filed', async () => {
  const microsoft365 = await startTenant();
  const { accessToken } = await signIn(microsoft365, 'anna@contoso.test');
  const { ask, socket } = await secureDialogue(microsoft365);
  await ask('EHLO laptop');
  const response = Buffer.from(`user=anna@contoso.test\u0001auth=Bearer ${accessToken}\u0001\u0001`).toString('base64');
  expect(await ask(`AUTH XOAUTH2 ${response}`)).toEqual(['235 2.7.0 Authentication successful']);
  expect(await ask('MAIL FROM:<anna@contoso.test>')).toEqual(['250 2.1.0 Sender OK']);
  expect(await ask('RCPT TO:<bert@contoso.test>')).toEqual(['250 2.1.5 Recipient OK']);
  expect(await ask('DATA')).toEqual(['354 Start mail input; end with <CRLF>.<CRLF>']);
  socket.end('From: anna@contoso.test\r\nSubject: half\r\n\r\nHel');
  await once(socket, 'close');
  await smtpClient(microsoft365, 'anna@contoso.test', accessToken).sendMail(mail);
  expect(
    messagesIn(microsoft365, 'bert@contoso.test').map(({ raw }) => /Subject: .*/.exec(raw.toString())?.[0]),
  ).toEqual(['Subject: Hello']);
});

/** Commands to an SMTP server and its replies, each with all its lines. */
function dialogue(stream: Duplex) {
  const lines = createInterface(stream)[Symbol.asyncIterator]();
  async function reply() {
    const received: string[] = [];
    for (;;) {
      const line = await lines.next();
      if (line.done) return received;
      received.push(line.value);
      if (line.value[3] !== '-') return received;
    }
  }
  return {
    reply,
    ask: (command: string) => {
      stream.write(`${command}\r\n`);
      return reply();
    },
  };
}
