import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { ImapFlow } from 'imapflow';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Microsoft365 } from '../../../dev/microsoft365/start-microsoft365.ts';
import { objectIdOf } from '../../../dev/microsoft365/directory.ts';
import {
  applicationToken,
  clientId,
  clientSecret,
  imapClient,
  msalFor,
  signIn,
  startTenant,
} from './tenant-for-test.ts';

async function clientOf(microsoft365: Microsoft365, address: string, mailbox = address) {
  const { accessToken } = await signIn(microsoft365, address);
  return imapClient(microsoft365, mailbox, accessToken);
}

function mime(subject: string, body = 'Hello') {
  return `From: x@example.com\r\nTo: anna@contoso.test\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n${body}`;
}

/** A client that can only write lines and read lines. */
function lineClient({ imap }: Microsoft365) {
  const socket = connect({ port: imap.port, host: imap.host, servername: 'localhost' });
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  onTestFinished(() => {
    socket.destroy();
  });
  const read = async (): Promise<string> => {
    const line = await lines.next();
    return line.done ? '(closed)' : line.value;
  };
  return {
    read,
    /** Sends a command and gives the lines up to the tagged one. */
    async ask(command: string) {
      socket.write(`T ${command}\r\n`);
      const answer: string[] = [];
      do answer.push(await read());
      while (!answer.at(-1)?.startsWith('T ') && answer.at(-1) !== '(closed)');
      return answer;
    },
    write: (text: string) => socket.write(text),
  };
}

function xoauth2(user: string, accessToken: string) {
  return Buffer.from(`user=${user}\u0001auth=Bearer ${accessToken}\u0001\u0001`).toString('base64');
}

describe('reading', () => {
  test('imapflow finds Exchange’s folders and capabilities', async () => {
    const microsoft365 = await startTenant();
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    const folders = await client.list();
    expect(Object.fromEntries(folders.map(({ path, specialUse }) => [path, specialUse]))).toEqual({
      INBOX: '\\Inbox',
      'Sent Items': '\\Sent',
      Drafts: '\\Drafts',
      'Deleted Items': '\\Trash',
      'Junk Email': '\\Junk',
      Archive: '\\Archive',
    });
    expect([...client.capabilities.keys()].sort()).toEqual(
      'AUTH=XOAUTH2 ID IDLE IMAP4rev1 LITERAL+ MOVE NAMESPACE SASL-IR UIDPLUS UNSELECT'.split(' '),
    );
  });

  test('a message has the bytes, flags, UID and time it was delivered with', async () => {
    const microsoft365 = await startTenant();
    const raw = Buffer.concat([Buffer.from(mime('bytes', '')), Buffer.from([0xff, 0, 0xc3, 0xbc, 13, 10, 0x80])]);
    const uid = await microsoft365.deliver('a.arlig@contoso.test', raw);
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    await client.mailboxOpen('INBOX', { readOnly: true });
    const query = { source: true, flags: true, internalDate: true, envelope: true, size: true, bodyStructure: true };
    const message = await client.fetchOne(String(uid), query, { uid: true });
    if (!message) throw new Error('no message');
    expect(message.source?.equals(raw)).toBe(true);
    expect(message.size).toBe(raw.length);
    expect(message.flags).toEqual(new Set());
    expect(message.envelope?.messageId).toBe('<bytes@x>');
    expect(Math.abs(new Date(message.internalDate ?? 0).getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('20 MB come in parts, too', async () => {
    const microsoft365 = await startTenant();
    const raw = Buffer.from(mime('large', `${'0123456789'.repeat(7)}\r\n`.repeat(280_000)));
    const uid = await microsoft365.deliver('anna@contoso.test', raw);
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    await client.mailboxOpen('INBOX');
    const { content } = await client.download(String(uid), undefined, { uid: true });
    const chunks: Buffer[] = [];
    for await (const chunk of content as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(raw)).toBe(true);
  });

  test('new mail is announced to a client that idles, with the next UID', async () => {
    const microsoft365 = await startTenant();
    await microsoft365.deliver('anna@contoso.test', mime('first'));
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    const { uidNext, uidValidity } = await client.mailboxOpen('INBOX');
    const seen = vi.fn();
    client.on('exists', seen);
    const idling = client.idle();
    const uid = await microsoft365.deliver('anna@contoso.test', mime('second'));
    await vi.waitFor(() => {
      expect(seen).toHaveBeenCalledWith(expect.objectContaining({ path: 'INBOX', count: 2, prevCount: 1 }));
    });
    expect(uid).toBe(uidNext);
    const status = await client.status('INBOX', { uidNext: true, uidValidity: true });
    await idling;
    expect(status).toMatchObject({ uidNext: uid + 1, uidValidity });
  });

  test('a message is found by its Message-ID', async () => {
    const microsoft365 = await startTenant();
    await microsoft365.deliver('anna@contoso.test', mime('one'), 'Sent Items');
    const uid = await microsoft365.deliver('anna@contoso.test', mime('two'), 'Sent Items');
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    await client.mailboxOpen('Sent Items');
    expect(await client.search({ header: { 'Message-ID': '<two@x>' } }, { uid: true })).toEqual([uid]);
  });

  test('flags, moves and deletions are kept', async () => {
    const microsoft365 = await startTenant();
    for (const subject of ['one', 'two', 'three']) await microsoft365.deliver('anna@contoso.test', mime(subject));
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd('1', ['\\Seen', '$Done'], { uid: true });
    const moved = await client.messageMove('2', 'Archive', { uid: true });
    expect(moved && moved.uidMap).toEqual(new Map([[2, 1]]));
    await client.messageDelete('3', { uid: true });
    const folders = microsoft365.mailbox('anna@contoso.test').folders();
    const left = folders.filter(({ messages }) => messages.length > 0);
    expect(left.map(({ path, messages }) => [path, messages.map(({ uid, flags }) => [uid, flags])])).toEqual([
      ['INBOX', [[1, ['\\Seen', '$Done']]]],
      ['Archive', [[1, []]]],
    ]);
  });

  test('a folder that does not exist is refused with NO', async () => {
    const microsoft365 = await startTenant();
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    await expect(client.mailboxOpen('Nowhere')).rejects.toMatchObject({ responseStatus: 'NO' });
    await expect(client.mailboxOpen('INBOX')).resolves.toBeDefined();
    await expect(microsoft365.deliver('anna@contoso.test', mime('x'), 'Nowhere')).rejects.toThrow('no folder Nowhere');
    await expect(microsoft365.deliver('nobody@contoso.test', mime('x'))).rejects.toThrow('Nobody has the address');
  });
});

describe('who may read what', () => {
  test('two users see their own mail', async () => {
    const microsoft365 = await startTenant();
    await microsoft365.deliver('anna@contoso.test', mime('for-anna'));
    await microsoft365.deliver('bert@contoso.test', mime('for-bert'));
    for (const name of ['anna', 'bert']) {
      const client = await clientOf(microsoft365, `${name}@contoso.test`);
      await client.mailboxOpen('INBOX');
      const messages = await client.fetchAll('1:*', { envelope: true });
      expect(messages.map(({ envelope }) => envelope?.subject)).toEqual([`for-${name}`]);
    }
  });

  test('a member reads the shared mailbox with his own token', async () => {
    const microsoft365 = await startTenant();
    await microsoft365.deliver('sales@contoso.test', mime('order'));
    const client = await clientOf(microsoft365, 'anna@contoso.test', 'sales@contoso.test');
    expect((await client.mailboxOpen('INBOX')).exists).toBe(1);
  });

  test('an application reads a mailbox it was let into, with the permission in its token', async () => {
    const microsoft365 = await startTenant();
    const { exchange } = microsoft365;
    const open = async () => {
      const client = await imapClient(microsoft365, 'bert@contoso.test', await applicationToken(microsoft365));
      return client.mailboxOpen('INBOX');
    };
    await expect(open()).rejects.toMatchObject({ authenticationFailed: true });
    exchange.newServicePrincipal(objectIdOf(clientId));
    exchange.addMailboxPermission('bert@contoso.test', objectIdOf(clientId));
    await expect(open()).rejects.toThrow();
    microsoft365.grantToApplication(clientId, ['IMAP.AccessAsApp']);
    await expect(open()).resolves.toBeDefined();
    exchange.removeMailboxPermission('bert@contoso.test');
    await expect(open()).rejects.toThrow();
  });

  test('a mailbox without rights: signed in, but not connected', async () => {
    const microsoft365 = await startTenant();
    const { accessToken } = await signIn(microsoft365, 'bert@contoso.test');
    for (const user of ['sales@contoso.test', 'anna@contoso.test', 'nobody@contoso.test']) {
      const client = lineClient(microsoft365);
      await client.read();
      const response = xoauth2(user, accessToken);
      expect(await client.ask(`AUTHENTICATE XOAUTH2 ${response}`)).toEqual(['T OK AUTHENTICATE completed.']);
      expect(await client.ask('SELECT INBOX')).toEqual(['T BAD User is authenticated but not connected.']);
      expect((await client.ask('LOGOUT')).at(-1)).toBe('T OK LOGOUT completed.');
    }
  });

  test('a token without the IMAP permission: signed in, but not connected', async () => {
    const microsoft365 = await startTenant();
    const client = msalFor(microsoft365);
    const { account } = await signIn(microsoft365, 'anna@contoso.test', client);
    if (!account) throw new Error('no account');
    const scopes = ['https://outlook.office.com/SMTP.Send'];
    const body = new URLSearchParams({
      ...{ client_id: clientId, client_secret: clientSecret, grant_type: 'refresh_token', scope: scopes.join(' ') },
      refresh_token: refreshTokenIn(client.getTokenCache().serialize()),
    });
    const answer = await fetch(`${microsoft365.authority}/common/oauth2/v2.0/token`, { method: 'POST', body });
    const { access_token: accessToken } = (await answer.json()) as { access_token: string };
    const lines = lineClient(microsoft365);
    await lines.read();
    const response = xoauth2('anna@contoso.test', accessToken);
    expect(await lines.ask(`AUTHENTICATE XOAUTH2 ${response}`)).toEqual(['T OK AUTHENTICATE completed.']);
    expect(await lines.ask('SELECT INBOX')).toEqual(['T BAD User is authenticated but not connected.']);
  });

  test('an access token outlives a revocation, a false or expired one is refused', async () => {
    const microsoft365 = await startTenant();
    const { accessToken } = await signIn(microsoft365, 'anna@contoso.test');
    microsoft365.revoke('anna@contoso.test');
    await expect(imapClient(microsoft365, 'anna@contoso.test', accessToken)).resolves.toBeDefined();
    const refusal = { authenticationFailed: true, responseText: 'AUTHENTICATE failed.' };
    const forged = `${accessToken.slice(0, -8)}AAAAAAAA`;
    await expect(imapClient(microsoft365, 'anna@contoso.test', forged)).rejects.toMatchObject(refusal);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 3_600_000);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    await expect(imapClient(microsoft365, 'anna@contoso.test', accessToken)).rejects.toMatchObject(refusal);
  });
});

function refreshTokenIn(cache: string) {
  const { RefreshToken } = JSON.parse(cache) as { RefreshToken: Record<string, { secret: string }> };
  return Object.values(RefreshToken)[0]?.secret ?? '';
}

test('before the sign-in the server speaks as Exchange does', async () => {
  const microsoft365 = await startTenant();
  const { accessToken } = await signIn(microsoft365, 'anna@contoso.test');
  const client = lineClient(microsoft365);
  expect(await client.read()).toBe('* OK The Microsoft Exchange IMAP4 service is ready.');
  expect(await client.ask('CAPABILITY')).toEqual([
    '* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT IDLE NAMESPACE LITERAL+',
    'T OK CAPABILITY completed.',
  ]);
  expect(await client.ask('ID NIL')).toHaveLength(2);
  expect(await client.ask('NOOP')).toEqual(['T OK NOOP completed.']);
  expect(await client.ask('LOGIN anna@contoso.test secret')).toEqual(['T NO LOGIN failed.']);
  expect(await client.ask('SELECT INBOX')).toEqual(['T BAD Command received in Invalid state.']);
  expect(await client.ask('AUTHENTICATE XOAUTH2 bm9uc2Vuc2U=')).toEqual(['T NO AUTHENTICATE failed.']);
  // Without SASL-IR, and with the next command in the same packet.
  client.write('T AUTHENTICATE XOAUTH2\r\n');
  expect(await client.read()).toBe('+ ');
  client.write(`${xoauth2('anna@contoso.test', accessToken)}\r\nU CAPABILITY\r\n`);
  expect(await client.read()).toBe('T OK AUTHENTICATE completed.');
  expect(await client.read()).toBe(
    '* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT IDLE NAMESPACE LITERAL+',
  );
  expect(await client.read()).toBe('U OK Completed');
  expect(microsoft365.sessions.imapConnections).toBe(1);
});

describe('faults', () => {
  test('at the sign-in', async () => {
    const microsoft365 = await startTenant();
    const { accessToken } = await signIn(microsoft365, 'anna@contoso.test');
    const connectOnce = () => imapClient(microsoft365, 'anna@contoso.test', accessToken);
    microsoft365.faults.imap.push({ at: 'connect', reply: '* BYE Connection refused' });
    await expect(connectOnce()).rejects.toBeInstanceOf(Error);
    microsoft365.faults.imap.push({ at: 'authenticate', reply: 'NO AUTHENTICATE failed.', user: 'anna@contoso.test' });
    await expect(connectOnce()).rejects.toMatchObject({ authenticationFailed: true });
    microsoft365.faults.imap.push({ at: 'authenticate', drop: true });
    await expect(connectOnce()).rejects.toBeInstanceOf(Error);
    await expect(connectOnce()).resolves.toBeInstanceOf(ImapFlow);
  });

  test('while reading', async () => {
    const microsoft365 = await startTenant();
    await microsoft365.deliver('anna@contoso.test', mime('one'));
    const client = await clientOf(microsoft365, 'anna@contoso.test');
    microsoft365.faults.imap.push({ at: 'select', drop: true, user: 'bert@contoso.test' });
    await client.mailboxOpen('INBOX');
    microsoft365.faults.imap.push({ at: 'select', reply: 'NO SELECT failed.' }, { at: 'fetch', drop: true });
    await expect(client.mailboxOpen('Archive')).rejects.toMatchObject({ responseText: 'SELECT failed.' });
    await client.mailboxOpen('INBOX');
    await expect(client.fetchOne('1', { source: true })).rejects.toBeInstanceOf(Error);
    expect(microsoft365.faults.imap).toHaveLength(1);
  });
});
