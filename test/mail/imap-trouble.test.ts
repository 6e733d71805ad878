import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { openImapMailbox } from '../../functions/mail/imap-mailbox-reader.ts';
import { mailCall } from './mail-call.ts';
import { startExchange } from './scripted-exchange.ts';
import { startScriptedServer } from './scripted-server.ts';
import { mailboxLogin } from './test-imap-server.ts';

const open = async (port: number, signal?: AbortSignal) => openImapMailbox(mailboxLogin(port), mailCall(signal));

test('a token that is refused', async () => {
  const port = await startExchange({ AUTHENTICATE: 'NO AUTHENTICATE failed.' });
  await expect(open(port)).rejects.toMatchObject({
    code: 'mail-login-refused',
    data: { upstream: { protocol: 'imap', code: 'NO' } },
  });
});

test('what is thrown holds no token', async () => {
  const port = await startExchange({ AUTHENTICATE: 'NO AUTHENTICATE failed.' });
  const thrown: unknown = await openImapMailbox(mailboxLogin(port, 'canary'), mailCall()).catch(
    (error: unknown) => error,
  );
  const shown = inspect(thrown, { depth: null, showHidden: true });
  expect(shown).toContain('AUTHENTICATE failed');
  expect(shown).not.toContain('canary');
  expect(shown).not.toContain(Buffer.from('user=testuser\x01auth=Bearer canary\x01\x01').toString('base64'));
});

test('a server without STARTTLS gets no login', async () => {
  const heard: string[] = [];
  const port = await startScriptedServer(async (peer) => {
    peer.say('* OK ready');
    heard.push(await peer.hear());
    peer.say('* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR', `${heard[0]?.split(' ')[0] ?? ''} OK done`);
    heard.push(await peer.hear());
  });
  const login = { ...mailboxLogin(port), encryption: 'starttls' } as const;
  await expect(openImapMailbox(login, mailCall())).rejects.toMatchObject({ code: 'mail-server-untrusted' });
  await expect(openImapMailbox({ ...login, encryption: 'none' }, mailCall())).rejects.toMatchObject({
    code: 'mail-server-untrusted',
  });
  expect(heard).toHaveLength(1);
});

test('a mailbox that is not connected after the login', async () => {
  const notConnected = 'BAD User is authenticated but not connected.';
  const session = await open(await startExchange({ EXAMINE: notConnected }));
  await expect(session.open('INBOX')).rejects.toMatchObject({
    code: 'mailbox-not-opened',
    data: { remedy: expect.stringContaining('Set-CASMailbox -Identity testuser -ImapEnabled $true') as string },
  });
  await session.close();
});

test('a throttled mailbox is left at once, with the time to wait', async () => {
  const port = await startExchange({
    'UID FETCH': 'BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds',
  });
  const session = await open(port);
  await session.open('INBOX');
  const started = performance.now();
  await expect(session.after(0, 10)).rejects.toMatchObject({ code: 'mail-server-busy', data: { retryAfter: 93 } });
  expect(performance.now() - started).toBeLessThan(5000);
  await session.close();
});

test('throttling is told also where the library keeps a refusal to itself', async () => {
  const session = await open(
    await startExchange({ EXAMINE: 'BAD Request is throttled. Suggested Backoff Time: 5000 milliseconds' }),
  );
  await expect(session.open('INBOX')).rejects.toMatchObject({ code: 'mail-server-busy', data: { retryAfter: 5 } });
  await session.close();
});

test('a folder that is not there', async () => {
  const missing = 'NO Archive does not exist.';
  const port = await startExchange({ LIST: 'OK LIST completed.', EXAMINE: missing });
  const session = await open(port);
  await expect(session.open('Archive')).rejects.toMatchObject({ code: 'folder-not-found' });
  await session.close();
});

test('a server that is down for maintenance is busy', async () => {
  const port = await startExchange({ AUTHENTICATE: 'NO [UNAVAILABLE] Server Unavailable. 15' });
  await expect(open(port)).rejects.toMatchObject({
    code: 'mail-server-busy',
    data: { upstream: { code: 'UNAVAILABLE' } },
  });
});

test('a folder that cannot be searched is not a folder without the message', async () => {
  const port = await startExchange({
    LIST: ['* LIST (\\HasNoChildren \\Sent) "/" "Sent Items"', 'OK LIST completed.'],
    'UID SEARCH': 'NO The specified search is too complex.',
  });
  const session = await open(port);
  await expect(session.findSent('<any@example.com>')).rejects.toMatchObject({ code: 'mailbox-not-opened' });
  await session.close();
});

test('a server that says goodbye', async () => {
  const port = await startExchange({
    EXAMINE: (peer) => {
      peer.say('* BYE Session invalidated - AccessTokenExpired');
    },
  });
  const session = await open(port);
  await expect(session.open('INBOX')).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  await session.close();
});

test('the end of the call ends a command that nobody answers', async () => {
  const controller = new AbortController();
  const port = await startExchange({
    EXAMINE: () => {
      controller.abort();
    },
  });
  const session = await open(port, controller.signal);
  await expect(session.open('INBOX')).rejects.toMatchObject({
    code: 'mail-server-unreachable',
    message: expect.stringContaining('the time for this call is over') as string,
  });
  await session.close();
  await expect(open(port, controller.signal)).rejects.toMatchObject({ code: 'mail-server-unreachable' });
});

test('a server that hangs did not answer, and a call whose time is over says so', async () => {
  const port = await startExchange({ EXAMINE: () => undefined });
  const because = Object.assign(new Error('No answer.'), { code: 'ANSWER_TIMEOUT' });
  for (const [reason, detail] of [
    [because, 'it did not answer in time'],
    [undefined, 'the time for this call is over'],
  ] as const) {
    const ending = new AbortController();
    const session = await open(port, ending.signal);
    const asked = expect(session.open('INBOX')).rejects.toMatchObject({
      code: 'mail-server-unreachable',
      message: expect.stringContaining(detail) as string,
    });
    ending.abort(reason);
    await asked;
  }
});

test('a session closes within seconds even when the server does not answer', async () => {
  const port = await startExchange({ LOGOUT: () => undefined });
  const session = await open(port);
  const started = performance.now();
  await session.close();
  expect(performance.now() - started).toBeLessThan(4000);
});
