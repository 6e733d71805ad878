import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createFileCopies } from '../../../dev/microsoft365/mailboxes/copies.ts';
import { createMailbox, type Mailbox } from '../../../dev/microsoft365/mailboxes/mailbox.ts';
import { createMessageFiles } from '../../../dev/microsoft365/mailboxes/message-files.ts';
import { imapClient, mailScopes, msalFor, signIn, startTenant } from './tenant-for-test.ts';

const mime = (subject: string) => `From: x@example.com\r\nSubject: ${subject}\r\n\r\nHellö`;

/** Everything in a mailbox, comparable. */
function contentOf(microsoft365: Awaited<ReturnType<typeof startTenant>>, address: string) {
  return microsoft365
    .mailbox(address)
    .folders()
    .map(({ messages, ...folder }) => ({
      ...folder,
      messages: messages.map(({ raw, ...rest }) => ({ ...rest, text: raw.toString('latin1') })),
    }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

async function newFolder() {
  return mkdtemp(join(tmpdir(), 'microsoft365-'));
}

test('mailboxes are after a restart what they were before', async () => {
  const folder = await newFolder();
  // Never stopped before the second one starts: what counts is on disk already, as after a kill.
  const before = await startTenant(folder);
  for (const subject of ['one', 'two', 'three']) await before.deliver('anna@contoso.test', mime(subject));
  const { accessToken } = await signIn(before, 'anna@contoso.test');
  const client = await imapClient(before, 'anna@contoso.test', accessToken);
  await client.mailboxOpen('INBOX');
  await client.messageFlagsAdd('1', ['\\Seen', '$Work/.._done'], { uid: true });
  await client.mailboxCreate('Projects/2026');
  await client.messageMove('2', 'Projects/2026', { uid: true });
  await client.messageDelete('3', { uid: true });
  await client.append('Drafts', Buffer.from(mime('draft')), ['\\Draft'], new Date('2024-02-29T12:34:56Z'));
  await client.mailboxCreate('Temporary');
  await client.mailboxDelete('Temporary');

  const after = await startTenant(folder);
  expect(contentOf(after, 'anna@contoso.test')).toEqual(contentOf(before, 'anna@contoso.test'));
  const drafts = contentOf(after, 'anna@contoso.test').find(({ path }) => path === 'Drafts');
  expect(drafts?.messages[0]?.internalDate).toEqual(new Date('2024-02-29T12:34:56Z'));
  // 3 was the highest UID and is gone; it is not given again.
  expect(await after.deliver('anna@contoso.test', mime('four'))).toBe(4);
});

test('the access token, the refresh token and the consent are good after a restart', async () => {
  const folder = await newFolder();
  const before = await startTenant(folder);
  const client = msalFor(before);
  const { accessToken } = await signIn(before, 'anna@contoso.test', client);
  const cache = client.getTokenCache().serialize();

  const after = await startTenant(folder);
  await expect(imapClient(after, 'anna@contoso.test', accessToken)).resolves.toBeDefined();
  const { secret } = Object.values(
    (JSON.parse(cache) as { RefreshToken: Record<string, { secret: string }> }).RefreshToken,
  )[0] ?? { secret: '' };
  const refresh = () => msalFor(after).acquireTokenByRefreshToken({ scopes: mailScopes, refreshToken: secret });
  await expect(refresh()).resolves.toBeDefined();
  after.revoke('anna@contoso.test');

  const later = await startTenant(folder);
  await expect(
    msalFor(later).acquireTokenByRefreshToken({ scopes: mailScopes, refreshToken: secret }),
  ).rejects.toMatchObject({ errorNo: 50173 });
});

test('every message that was said to be kept is there, whole, after kill -9', async () => {
  const folder = await newFolder();
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = fileURLToPath(new URL('deliver-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let last = 0;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last === 100) child.kill('SIGKILL');
  }
  await closed;

  const inbox = createMailbox('anna@contoso.test', [], createMessageFiles(folder))
    .folders()
    .find(({ path }) => path === 'INBOX');
  expect(inbox?.messages.length).toBeGreaterThanOrEqual(last);
  expect(inbox?.messages.map(({ uid }) => uid)).toEqual(inbox?.messages.map((_, index) => index + 1));
  expect(new Set(inbox?.messages.map(({ raw }) => raw.length))).toEqual(new Set([200_018]));
});

test.for(['before', 'after'])(
  'what was killed %s the last copy was filed has filed all copies once',
  async (moment) => {
    const folder = await newFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    const journal = join(folder, 'copies.json');
    const open = () => {
      const mailboxes = ['anna', 'ben'].map((name) => createMailbox(name, [], createMessageFiles(join(folder, name))));
      const mailboxOf = (address: string) => mailboxes.find((mailbox) => mailbox.address === address);
      return { mailboxes, fileCopies: createFileCopies(mailboxOf, journal) };
    };
    const inboxes = ({ mailboxes }: ReturnType<typeof open>) =>
      mailboxes.map((mailbox) =>
        mailbox
          .folders()
          .flatMap(({ path, messages }) => (path === 'INBOX' ? messages.map(({ raw }) => raw.toString()) : [])),
      );
    const before = open();
    const [anna, ben] = before.mailboxes as [Mailbox, Mailbox];
    const killed: Mailbox = {
      ...ben,
      append: (...copy) => {
        if (moment === 'after') ben.append(...copy);
        throw new Error('killed');
      },
    };
    const copy = (mailbox: Mailbox, text: string) => ({ mailbox, path: 'INBOX', raw: Buffer.from(mime(text)) });
    before.fileCopies([copy(anna, 'an earlier one')]);
    const copies = [copy(anna, 'one'), copy(anna, 'a report'), copy(killed, 'one')];
    expect(() => {
      before.fileCopies(copies);
    }).toThrow('killed');

    const filed = [[mime('an earlier one'), mime('one'), mime('a report')], [mime('one')]];
    expect(inboxes(open())).toEqual(filed);
    expect(inboxes(open())).toEqual(filed);
  },
);

test('a folder that is renumbered has a new UIDVALIDITY, also after a restart', async () => {
  const folder = await newFolder();
  const before = await startTenant(folder);
  for (const subject of ['one', 'two', 'three']) await before.deliver('anna@contoso.test', mime(subject));
  const { accessToken } = await signIn(before, 'anna@contoso.test');
  const client = await imapClient(before, 'anna@contoso.test', accessToken);
  const { uidValidity } = await client.mailboxOpen('INBOX');
  await client.messageDelete('1', { uid: true });
  await client.mailboxClose();
  before.mailbox('anna@contoso.test').renumber('INBOX');

  const again = await client.mailboxOpen('INBOX');
  expect(again).toMatchObject({ uidValidity: uidValidity + 1n, uidNext: 3 });
  expect((await client.fetchAll('1:*', { uid: true })).map(({ uid }) => uid)).toEqual([1, 2]);
  const after = await startTenant(folder);
  expect(contentOf(after, 'anna@contoso.test')).toEqual(contentOf(before, 'anna@contoso.test'));
});

test('its ports are free again when it has stopped', async () => {
  const first = await startTenant();
  const { accessToken } = await signIn(first, 'anna@contoso.test');
  const client = await imapClient(first, 'anna@contoso.test', accessToken);
  const ended = once(client, 'close');
  await first.stop();
  await ended;
  const ports = { login: Number(new URL(first.authority).port), smtp: first.smtp.port, imap: first.imap.port };
  const second = await startTenant(undefined, ports);
  expect(second).toMatchObject({ authority: first.authority, smtp: first.smtp, imap: first.imap });
  // The first to be refused a port lets go of those it had.
  await expect(startTenant(undefined, { ...ports, login: 0 })).rejects.toThrow('EADDRINUSE');
});
