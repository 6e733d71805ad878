import { expect, test } from 'vitest';
import { openImapMailbox } from '../../functions/mail/imap-mailbox-reader.ts';
import { mailCall } from './mail-call.ts';
import { folder, mailboxLogin, startTestImapServer } from './test-imap-server.ts';
import { trustedAuthority } from './trusted-authority.ts';

const tls = await (await trustedAuthority()).issue(['localhost']);
const where = { folder: 'INBOX', uidValidity: 42 };

async function open(plugins: string[]) {
  const inbox = folder({ 1: 'one', 2: 'two', 3: 'three' });
  const server = await startTestImapServer(tls, inbox, { Done: folder({}) }, plugins);
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  return { server, session };
}

const bodies = (server: Awaited<ReturnType<typeof open>>['server'], path: string) =>
  server.mailbox(path)?.messages.map(({ raw }) => raw);
const selected = (commands: readonly string[]) =>
  commands.flatMap((line) => / (SELECT|EXAMINE) /.exec(line)?.[1] ?? []);

test('mail is marked as seen, and only then the folder is selected for more than reading', async () => {
  const { server, session } = await open([]);
  await session.read([1, 2, 3], () => Promise.resolve());
  expect(selected(server.commands)).toEqual(['EXAMINE']);
  await session.markSeen(where, [1, 3, 99]);
  await session.markSeen(where, [1]);
  expect(selected(server.commands)).toEqual(['EXAMINE', 'SELECT']);
  expect(server.inbox()?.messages.map(({ flags }) => flags.includes('\\Seen'))).toEqual([true, false, true]);
  expect(await session.after(0, 10)).toHaveLength(3);
  await session.close();
});

test.each([
  ['MOVE', ['uidplus', 'move'], ['one', 'three'], ['two'], 'UID MOVE'],
  ['UIDPLUS alone', ['uidplus'], ['one', 'three'], ['two'], 'UID EXPUNGE'],
])('mail is moved with %s', async (_, plugins, moved, left, command) => {
  const { server, session } = await open(plugins);
  await session.move(where, [1, 3], 'Done');
  expect(bodies(server, 'Done')).toEqual(moved);
  expect(bodies(server, 'INBOX')).toEqual(left);
  expect(server.commands.some((line) => line.includes(command))).toBe(true);
  // Once more, as after a crash: there is nothing left to move.
  await session.move(where, [1, 3], 'Done');
  expect(bodies(server, 'Done')).toEqual(moved);
  await session.close();
});

test('without MOVE and UIDPLUS mail is copied and flagged, and nothing of others is expunged', async () => {
  const { server, session } = await open([]);
  await session.move(where, [2], 'Done');
  expect(bodies(server, 'Done')).toEqual(['two']);
  expect(bodies(server, 'INBOX')).toEqual(['one', 'two', 'three']);
  expect(server.inbox()?.messages[1]?.flags).toContain('\\Deleted');
  expect(server.commands.some((line) => line.includes('EXPUNGE'))).toBe(false);
  await session.close();
});

test('a folder that is not there is named, and the mail stays', async () => {
  const { server, session } = await open(['uidplus', 'move']);
  await expect(session.move(where, [1], 'Nowhere')).rejects.toMatchObject({
    code: 'folder-not-found',
    message: expect.stringContaining('"Nowhere"') as string,
  });
  expect(bodies(server, 'INBOX')).toHaveLength(3);
  await session.close();
});

test('nothing is marked or moved once the UIDs have started anew', async () => {
  const { server, session } = await open(['uidplus', 'move']);
  const other = { ...where, uidValidity: 41 };
  await expect(session.markSeen(other, [1])).rejects.toMatchObject({ code: 'mail-server-busy' });
  await expect(session.move(other, [1], 'Done')).rejects.toMatchObject({ code: 'mail-server-busy' });
  expect(server.inbox()?.messages.flatMap(({ flags }) => flags)).toEqual([]);
  await session.close();
});

test('a connection that broke is what is told, not a refusal', async () => {
  const { server, session } = await open([]);
  server.drop();
  await expect(session.markSeen(where, [1])).rejects.toMatchObject({ code: 'mail-server-unreachable' });
});
