import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openSmtpSession } from '../../functions/mail/smtp-message-sender.ts';
import { mailCall } from './mail-call.ts';
import { startScriptedServer, type Peer } from './scripted-server.ts';
import { annasLogin } from './test-smtp-server.ts';

const envelope = { from: 'anna@example.com', to: ['bert@example.org'] };
const content = Buffer.from('Subject: Hello\r\n\r\nHello\r\n');
const password = { kind: 'password', value: 'good password' } as const;

/** Up to a login; then the script's own. */
async function start(script: (peer: Peer) => Promise<void>) {
  return startScriptedServer(async (peer) => {
    peer.say('220 ready');
    await peer.hear();
    peer.say('250-hello', '250-PIPELINING', '250 AUTH PLAIN');
    await peer.hear();
    peer.say('235 2.7.0 welcome');
    await script(peer);
  });
}

async function takeEnvelope(peer: Peer) {
  await hearUntil(peer, 'DATA');
  peer.say('250 2.1.0 sender', '250 2.1.5 recipient', '354 go on');
}

async function hearUntil(peer: Peer, end: string) {
  while ((await peer.hear()) !== end);
}

async function open(port: number, signal?: AbortSignal) {
  return openSmtpSession(annasLogin(port, 'none', password), mailCall(signal));
}

test('a connection that breaks after the whole message leaves the outcome unknown', async () => {
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await hearUntil(peer, '.');
    peer.hangUp();
  });
  const session = await open(port);
  await expect(session.send(envelope, content, content.length)).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect(session.usable).toBe(false);
});

test('a call that ends while the answer is awaited leaves the outcome unknown', async () => {
  const controller = new AbortController();
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await hearUntil(peer, '.');
    controller.abort();
  });
  const session = await open(port, controller.signal);
  await expect(session.send(envelope, content, content.length)).rejects.toMatchObject({ code: 'outcome-unknown' });
});

test('an answer that makes no sense leaves the outcome unknown', async () => {
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await hearUntil(peer, '.');
    peer.say('hm?');
  });
  const session = await open(port);
  await expect(session.send(envelope, content, content.length)).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect(session.usable).toBe(false);
});

test('a connection that breaks before the content is safe to try again', async () => {
  const port = await start(async (peer) => {
    await hearUntil(peer, 'DATA');
    peer.hangUp();
  });
  const session = await open(port);
  await expect(session.send(envelope, content, content.length)).rejects.toMatchObject({
    code: 'mail-server-unreachable',
  });
  expect(session.usable).toBe(false);
});

test('a connection that breaks in the middle of the content is safe to try again', async () => {
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await peer.hear();
    peer.hangUp();
  });
  const session = await open(port);
  // More than all buffers on the way together.
  const large = Buffer.alloc(64 * 1024 * 1024, 'line of text\r\n');
  await expect(session.send(envelope, large, large.length)).rejects.toMatchObject({ code: 'mail-server-unreachable' });
});

test('a refusal of the whole message is an outcome, also when the server hangs up with it', async () => {
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await hearUntil(peer, '.');
    peer.say('421 4.4.2 Message submission rate for this client has exceeded the configured limit');
    peer.hangUp();
  });
  const session = await open(port);
  await expect(session.send(envelope, content, content.length)).rejects.toMatchObject({
    code: 'mail-server-busy',
    data: { retryAfter: 60, upstream: { code: '421', enhanced: '4.4.2' } },
  });
});

test('a refusal in the middle of the content ends the connection', async () => {
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await peer.hear();
    peer.say('552 5.3.4 Message size exceeds fixed maximum message size');
    await peer.gone;
  });
  const session = await open(port);
  const large = Buffer.alloc(64 * 1024 * 1024, 'line of text\r\n');
  await expect(session.send(envelope, large, large.length)).rejects.toMatchObject({ code: 'message-too-large' });
  expect(session.usable).toBe(false);
});

test('a session is no longer usable once the server has left', async () => {
  let left: Promise<unknown> | undefined;
  const port = await start(async (peer) => {
    left = peer.gone;
    peer.say('421 4.4.1 Connection timed out');
    peer.hangUp();
    await left;
  });
  const session = await open(port);
  await expect.poll(() => session.usable).toBe(false);
  await expect(session.send(envelope, content, content.length)).rejects.toMatchObject({
    code: 'mail-server-unreachable',
  });
  await session.close();
});

test('a connection that breaks during the login is unreachable', async () => {
  const port = await startScriptedServer(async (peer) => {
    peer.say('220 ready');
    await peer.hear();
    peer.say('250-hello', '250 AUTH PLAIN');
    await peer.hear();
    peer.hangUp();
  });
  await expect(open(port)).rejects.toMatchObject({ code: 'mail-server-unreachable' });
});

test('a server that greets with a refusal is busy or unreachable', async () => {
  for (const [greeting, code] of [
    ['421 4.3.2 Too many connections', 'mail-server-busy'],
    ['554 5.7.1 No service for you', 'mail-server-unreachable'],
  ] as const) {
    const port = await startScriptedServer((peer) => {
      peer.say(greeting);
      return Promise.resolve();
    });
    await expect(open(port)).rejects.toMatchObject({ code });
  }
});

test('a port nobody listens on is unreachable', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await expect(open(port)).rejects.toMatchObject({
    code: 'mail-server-unreachable',
    message: expect.stringContaining('refuses the connection') as string,
  });
});

test('the end of the call ends a login that nobody answers', async () => {
  const controller = new AbortController();
  const port = await startScriptedServer(async (peer) => {
    peer.say('220 ready');
    await peer.hear();
    controller.abort();
  });
  await expect(open(port, controller.signal)).rejects.toMatchObject({
    code: 'mail-server-unreachable',
    message: expect.stringContaining('the time for this call is over') as string,
  });
});

test('an answer to the whole message is awaited for ten minutes', async () => {
  const told = Promise.withResolvers<undefined>();
  const port = await start(async (peer) => {
    await takeEnvelope(peer);
    await hearUntil(peer, '.');
    told.resolve(undefined);
    await peer.gone;
  });
  const session = await open(port);
  useFakeTimeouts();
  let outcome: unknown;
  const sending = session.send(envelope, content, content.length).catch((thrown: unknown) => (outcome = thrown));
  await told.promise;
  await vi.advanceTimersByTimeAsync(599_000);
  expect(outcome).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);
  await sending;
  expect(outcome).toMatchObject({ code: 'outcome-unknown' });
});

test('an answer to the envelope is awaited for a minute', async () => {
  const told = Promise.withResolvers<undefined>();
  const port = await start(async (peer) => {
    await hearUntil(peer, 'DATA');
    told.resolve(undefined);
    await peer.gone;
  });
  const session = await open(port);
  useFakeTimeouts();
  const sending = session.send(envelope, content, content.length);
  const outcome = expect(sending).rejects.toMatchObject({
    code: 'mail-server-unreachable',
    message: expect.stringContaining('did not answer in time') as string,
  });
  await told.promise;
  await vi.advanceTimersByTimeAsync(62_000);
  await outcome;
});

function useFakeTimeouts() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}
