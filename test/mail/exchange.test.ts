import { expect, test } from 'vitest';
import type { Microsoft365 } from '../../dev/microsoft365/start-microsoft365.ts';
import { openImapMailbox } from '../../functions/mail/imap-mailbox-reader.ts';
import { composeMime } from '../../functions/mail/nodemailer-mime-composer.ts';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';
import { openSmtpSession } from '../../functions/mail/smtp-message-sender.ts';
import type { MailLogin } from '../../functions/servers/mail-login.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { signIn, startTenant } from '../dev/microsoft365/tenant-for-test.ts';
import { mailCall } from './mail-call.ts';

async function loginsOf(microsoft365: Microsoft365, user: string) {
  const { accessToken } = await signIn(microsoft365, user);
  const proof = { kind: 'token', secret: new Secret(accessToken) } as const;
  const smtp: MailLogin = { ...microsoft365.smtp, encryption: 'starttls', user, proof };
  const imap: MailLogin = { ...microsoft365.imap, encryption: 'tls', user, proof };
  return { smtp, imap };
}

async function messageFrom(address: string, messageId: string) {
  const content = await composeMime({
    messageId,
    date: new Date('2026-11-23T10:00:00Z'),
    from: { address },
    to: [{ address: 'anna@contoso.test' }],
    cc: [],
    replyTo: [],
    subject: 'Grüße 📮',
    text: 'Hello\n',
    attachments: [{ filename: 'a.bin', content: Uint8Array.from({ length: 512 }, (_, at) => at % 256) }],
    references: [],
    headers: {},
  });
  return { envelope: { from: address, to: ['anna@contoso.test'] }, content };
}

test('what is sent is read, and found among the sent mail even under another Message-ID', async () => {
  const microsoft365 = await startTenant();
  const bert = await loginsOf(microsoft365, 'bert@contoso.test');
  const { envelope, content } = await messageFrom('bert@contoso.test', '<own@contoso.test>');
  const sender = await openSmtpSession(bert.smtp, mailCall());
  expect((await sender.send(envelope, content, content.length)).reply).toMatch(/^250 2\.0\.0 OK /);
  await sender.close();

  const anna = await openImapMailbox((await loginsOf(microsoft365, 'anna@contoso.test')).imap, mailCall());
  await anna.open('INBOX');
  const infos = await anna.after(0, 10);
  await anna.read(
    infos.map(({ uid }) => uid),
    async (_, raw) => {
      const mail = await mimeParser.parse(raw);
      expect(mail).toMatchObject({ subject: 'Grüße 📮', text: 'Hello\n', attachments: [{ size: 512 }] });
    },
  );
  expect(infos).toHaveLength(1);
  await anna.close();

  const mailbox = await openImapMailbox(bert.imap, mailCall());
  expect(await mailbox.findSent('<own@contoso.test>')).toEqual({
    messageId: expect.stringContaining('@localhost>') as string,
  });
  expect(await mailbox.findSent('<other@contoso.test>')).toBeUndefined();
  await mailbox.close();
});

test('a message that was taken without an answer is unknown, and then found', async () => {
  const microsoft365 = await startTenant();
  const anna = await loginsOf(microsoft365, 'anna@contoso.test');
  const { envelope, content } = await messageFrom('anna@contoso.test', '<unknown@contoso.test>');
  microsoft365.faults.smtp.push({ at: 'after-data', drop: true });
  const sender = await openSmtpSession(anna.smtp, mailCall());
  await expect(sender.send(envelope, content, content.length)).rejects.toMatchObject({ code: 'outcome-unknown' });
  await sender.close();
  const mailbox = await openImapMailbox(anna.imap, mailCall());
  expect(await mailbox.findSent('<unknown@contoso.test>')).toEqual({ messageId: '<unknown@contoso.test>' });
  await mailbox.close();
});

test('Exchange’s refusals are understood on the wire', async () => {
  const microsoft365 = await startTenant();
  const anna = await loginsOf(microsoft365, 'anna@contoso.test');
  const { envelope, content } = await messageFrom('anna@contoso.test', '<refused@contoso.test>');
  for (const [at, reply, code] of [
    ['mail', '421 4.3.2 Service not active', 'mail-server-busy'],
    ['data', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded', 'mail-server-busy'],
    ['data', '554 5.2.252 SendAsDenied; anna not allowed to send as', 'sender-refused'],
    ['rcpt', '550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'recipient-refused'],
  ] as const) {
    microsoft365.faults.smtp.push({ at, reply });
    const sender = await openSmtpSession(anna.smtp, mailCall());
    await expect(sender.send(envelope, content, content.length)).rejects.toMatchObject({ code });
    await sender.close();
  }
});
