import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createCertificateAuthority } from '../../dev/certificates.ts';
import { until } from '../../dev/until.ts';
import { openImapMailbox } from '../../functions/mail/imap-mailbox-reader.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { mailCall } from './mail-call.ts';
import { folder, mailboxLogin, startTestImapServer } from './test-imap-server.ts';
import { trustedAuthority } from './trusted-authority.ts';

const tls = await (await trustedAuthority()).issue(['localhost']);
const everyOctet = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)).toString('latin1');

test('a folder is opened read-only and its new messages are listed, oldest first', async () => {
  const server = await startTestImapServer(tls, folder({ 3: 'three', 5: 'five!', 9: 'number nine' }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  expect(await session.open('INBOX')).toEqual({ uidValidity: 42, uidNext: 10 });
  const internalDate = new Date('2026-11-23T10:00:00Z');
  expect(await session.after(3, 10)).toEqual([
    { uid: 5, size: 5, internalDate },
    { uid: 9, size: 11, internalDate },
  ]);
  expect(await session.after(0, 2)).toMatchObject([{ uid: 3 }, { uid: 5 }]);
  await session.close();
  expect(server.commands.filter((line) => / (?:SELECT|EXAMINE) /.test(line))).toEqual([
    expect.stringContaining('EXAMINE INBOX'),
  ]);
});

test('a look at a folder with nothing new takes five commands, login and logout included', async () => {
  const server = await startTestImapServer(tls, folder({ 3: 'three' }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.after(3, 10)).toEqual([]);
  await session.close();
  await until(() => Promise.resolve(server.commands.some((line) => line.endsWith('LOGOUT'))));
  expect(server.commands.map((line) => line.split(' ')[1])).toEqual([
    'CAPABILITY',
    'AUTHENTICATE',
    'CAPABILITY',
    'EXAMINE',
    'LOGOUT',
  ]);
});

test('the UIDs of a range are listed, by arrival where it is wanted, and what is known of each', async () => {
  const server = await startTestImapServer(tls, folder({ 3: 'three', 5: 'five!', 9: 'number nine' }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.uids(1, 100)).toEqual([3, 5, 9]);
  expect(await session.uids(4, 8)).toEqual([5]);
  expect(await session.uids(6, 8)).toEqual([]);
  expect(await session.uids(10, 100)).toEqual([]);
  expect(await session.uids(1, 100, new Date('2026-11-23T10:00:00Z'))).toEqual([3, 5, 9]);
  expect(await session.uids(1, 100, new Date('2026-11-26T10:00:00Z'))).toEqual([]);
  const internalDate = new Date('2026-11-23T10:00:00Z');
  expect(await session.infos([9, 4, 3])).toEqual([
    { uid: 3, size: 5, internalDate },
    { uid: 9, size: 11, internalDate },
  ]);
  await session.close();
});

test('the first mail since a time is found by its day, and never too late', async () => {
  const server = await startTestImapServer(tls, folder({ 3: 'three', 5: 'five!' }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.firstSince(new Date('2026-11-23T09:59:00Z'))).toBe(3);
  // The server may be in a time zone where it is still the day before.
  expect(await session.firstSince(new Date('2026-11-24T05:00:00Z'))).toBe(3);
  expect(await session.firstSince(new Date('2026-11-25T00:00:00Z'))).toBeUndefined();
  await session.close();
});

test('a long gap between UIDs is crossed in growing windows', async () => {
  const server = await startTestImapServer(tls, folder({ 1: 'one', 70_000: 'far' }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.after(1, 10)).toMatchObject([{ uid: 70_000 }]);
  expect(server.commands.filter((line) => line.includes('UID FETCH'))).toEqual([
    expect.stringContaining(' 2:1001 '),
    expect.stringContaining(' 1002:5001 '),
    expect.stringContaining(' 5002:21001 '),
    expect.stringContaining(' 21002:* '),
  ]);
  await session.close();
});

test('an emptied folder has nothing after any UID', async () => {
  const server = await startTestImapServer(tls, folder({}, 100));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.after(0, 10)).toEqual([]);
  await session.close();
});

test('messages are read octet by octet in one command, without a mark on them', async () => {
  const messages = {
    1: `Subject: one\r\n\r\n${everyOctet}`,
    2: 'Subject: two\r\n\r\n',
    4: 'Subject: four\r\n\r\nbody',
  };
  const server = await startTestImapServer(tls, folder(messages));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  const read: [number, string][] = [];
  let inHand = 0;
  await session.read([1, 2, 3, 4], async (uid, raw) => {
    expect(++inHand).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    read.push([uid, Buffer.from(raw).toString('latin1')]);
    inHand--;
  });
  expect(read).toEqual(Object.entries(messages).map(([uid, raw]) => [Number(uid), raw]));
  expect(server.commands.filter((line) => line.includes('FETCH'))).toEqual([expect.stringContaining('1:4')]);
  expect(server.inbox()?.messages.flatMap(({ flags }) => flags)).toEqual([]);
  await session.close();
});

test('what the taker of a message throws comes back as it is, and the session goes on', async () => {
  const server = await startTestImapServer(tls, folder({ 1: 'one', 2: 'two' }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  const failure = new Error('no room');
  const taken: number[] = [];
  const reading = session.read([1, 2], (uid) => {
    taken.push(uid);
    return Promise.reject(failure);
  });
  await expect(reading).rejects.toBe(failure);
  expect(taken).toEqual([1]);
  expect(await session.after(0, 10)).toHaveLength(2);
  await session.close();
});

test('a large message is streamed octet by octet', async () => {
  const large = `Subject: large\r\n\r\n${everyOctet.repeat(20_000)}`;
  const server = await startTestImapServer(tls, folder({ 7: large }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  const read = await buffer(await session.stream(7));
  expect(read.toString('latin1') === large).toBe(true);
  expect(server.commands.filter((line) => line.includes('FETCH'))).toHaveLength(3);
  expect(server.inbox()?.messages[0]?.flags).toEqual([]);
  await expect(session.stream(8)).rejects.toMatchObject({ code: 'not-found' });
  await session.close();
});

test('sent mail is found by its own and by its original Message-ID', async () => {
  const sent = folder({
    1: 'Message-ID: <kept@example.com>\r\n\r\n',
    2: 'Message-ID: <new@exchange>\r\nX-Microsoft-Original-Message-ID: <replaced@example.com>\r\n\r\n',
  });
  for (const [name, seed] of [
    ['Gesendete Objekte', { ...sent, 'special-use': '\\Sent' }],
    ['Sent Items', sent],
  ] as const) {
    const server = await startTestImapServer(tls, folder({ 1: 'one' }), { [name]: seed });
    const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
    expect(await session.findSent('<kept@example.com>')).toEqual({ messageId: '<kept@example.com>' });
    expect(await session.findSent('<replaced@example.com>')).toEqual({ messageId: '<new@exchange>' });
    expect(await session.findSent('<never@example.com>')).toBeUndefined();
    await session.close();
  }
});

test('the folder that was open is open again after a look at the sent mail', async () => {
  const server = await startTestImapServer(tls, folder({ 1: 'one', 2: 'two' }), { Sent: folder({}) });
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.findSent('<never@example.com>')).toBeUndefined();
  expect(await session.after(0, 10)).toHaveLength(2);
  await session.close();
});

test('a folder whose UIDs have started anew meanwhile is not read', async () => {
  const server = await startTestImapServer(tls, folder({ 1: 'one' }), { Sent: folder({}) });
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  expect(await session.findSent('<never@example.com>')).toBeUndefined();
  const inbox = server.inbox();
  if (inbox !== undefined) inbox.uidvalidity++;
  await expect(session.after(0, 10)).rejects.toMatchObject({ code: 'mail-server-busy' });
  await session.close();
});

test('a mailbox without a folder for sent mail cannot say what was sent', async () => {
  const server = await startTestImapServer(tls, folder({}));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await expect(session.findSent('<any@example.com>')).rejects.toMatchObject({ code: 'folder-not-found' });
  await session.close();
});

test('a folder that does not exist is named', async () => {
  const server = await startTestImapServer(tls, folder({}));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await expect(session.open('Archive')).rejects.toMatchObject({
    code: 'folder-not-found',
    message: expect.stringContaining('"Archive"') as string,
  });
  await session.close();
});

test('a password opens a mailbox, a bad token does not', async () => {
  const server = await startTestImapServer(tls, folder({}));
  const password = { kind: 'password', secret: new Secret('testpass') } as const;
  const session = await openImapMailbox({ ...mailboxLogin(server.port), proof: password }, mailCall());
  await session.close();
  await expect(openImapMailbox(mailboxLogin(server.port, 'stale'), mailCall())).rejects.toMatchObject({
    code: 'mail-login-refused',
  });
});

test('a certificate nobody vouches for ends the connection', async () => {
  const stranger = await (await createCertificateAuthority()).issue(['localhost']);
  const server = await startTestImapServer(stranger, folder({}));
  await expect(openImapMailbox(mailboxLogin(server.port), mailCall())).rejects.toMatchObject({
    code: 'mail-server-untrusted',
  });
  expect(server.commands).toEqual([]);
});

test('a connection that breaks is unreachable, also in the middle of a stream', async () => {
  const server = await startTestImapServer(tls, folder({ 1: everyOctet.repeat(20_000) }));
  const session = await openImapMailbox(mailboxLogin(server.port), mailCall());
  await session.open('INBOX');
  const content = await session.stream(1);
  server.drop();
  await expect(buffer(content)).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  await expect(session.read([1], () => Promise.resolve())).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  await session.close();
});
