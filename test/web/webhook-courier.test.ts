import dns from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterEach, expect, test, vi } from 'vitest';
import { createCertificateAuthority } from '../../dev/certificates.ts';
import { startWebhookReceiver, verify } from '../../dev/webhook-receiver.ts';
import type { Webhook } from '../../functions/events/destination.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { createGuardedPost } from '../../functions/web/guarded-request.ts';
import { createWebhookCourier } from '../../functions/web/webhook-courier.ts';
import { trustedAuthority } from '../mail/trusted-authority.ts';

const secret = `whsec_${Buffer.from('a secret of this very test').toString('base64')}`;
const now = new Date('2026-11-22T12:00:00.000Z');
const courierFor = (allowedNetworks: string[]) => {
  const courier = createWebhookCourier(createGuardedPost(allowedNetworks));
  return ({ url, id, body }: { url: string; id: string; body: string }, signal: AbortSignal, at: Date) =>
    courier({ destination: { ...webhook, url }, parcel: { id, body }, secrets: [new Secret(secret)], now: at, signal });
};
const webhook: Webhook = {
  ...{ id: 'dst_aaaaaaaaaa', kind: 'webhook', name: 'Hook', url: '', events: [], state: 'active', concurrency: 8 },
  ...{ secretName: 'secret', createdAt: '2026-11-22T12:00:00.000Z' },
};
const loopback = courierFor(['127.0.0.0/8', '::1/128']);
const closed = courierFor([]);
const never = new AbortController().signal;
const request = (url: string, body = '{"type":"message.received"}') => ({
  url,
  id: 'evt_1',
  body,
});

const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  while (ending.length > 0) await ending.pop()?.();
});

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

const startServer = (answer: RequestListener) => listen(createServer(answer));

test('an event is signed so that any library for Standard Webhooks verifies it', async () => {
  const receiver = await startWebhookReceiver();
  ending.push(() => receiver.stop());
  const body = JSON.stringify({ type: 'message.received', data: { subject: 'Grüße 📮' } });
  const sent = new Date();
  await loopback(request(receiver.url, body), never, sent);
  const [call] = receiver.calls;
  if (call === undefined) throw new Error('Nothing came.');
  expect(verify(call, secret)).toEqual(JSON.parse(body));
  expect(call.headers).toMatchObject({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(sent.getTime() / 1000)),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  });
  expect(() => new StandardWebhook(secret).verify(`${call.body} `, call.headers as Record<string, string>)).toThrow();
});

test.each([200, 201, 204, 299])('%d means taken', async (status) => {
  const port = await startServer((_, response) => response.writeHead(status).end());
  await expect(loopback(request(`http://127.0.0.1:${port}/`), never, now)).resolves.toBeUndefined();
});

test.each([300, 400, 404, 410, 429, 500, 503])('%d means refused', async (status) => {
  const port = await startServer((_, response) => response.writeHead(status).end('no'));
  await expect(loopback(request(`http://127.0.0.1:${port}/`), never, now)).rejects.toMatchObject({
    code: 'destination-refused',
    data: { upstream: { protocol: 'http', code: String(status) } },
  });
});

test.each([
  ['120', 120],
  ['Sun, 22 Nov 2026 12:10:00 GMT', 600],
  ['Sun, 22 Nov 2026 11:00:00 GMT', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['999999999', 86_400],
])('Retry-After: %s is %s seconds', async (value, seconds) => {
  const port = await startServer((_, response) => response.writeHead(503, { 'retry-after': value }).end());
  const error = await loopback(request(`http://127.0.0.1:${port}/`), never, now).catch((thrown: unknown) => thrown);
  expect((error as { data: { retryAfter?: number } }).data.retryAfter).toBe(seconds);
});

test('a redirect is not followed', async () => {
  const asked: string[] = [];
  const port = await startServer((incoming, response) => {
    asked.push(incoming.url ?? '');
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await expect(loopback(request(`http://127.0.0.1:${port}/hook`), never, now)).rejects.toMatchObject({
    code: 'destination-refused',
  });
  expect(asked).toEqual(['/hook']);
});

test('a receiver that does not answer is given up after twenty seconds', async () => {
  const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort(new Error('late')));
  const port = await startServer(() => undefined);
  await expect(loopback(request(`http://127.0.0.1:${port}/`), never, now)).rejects.toMatchObject({
    code: 'destination-refused',
    message: expect.stringContaining('could not be reached') as string,
  });
  expect(patience).toHaveBeenCalledWith(20_000);
});

test('the end of the call ends a request that is waiting', async () => {
  const time = new AbortController();
  const port = await startServer(() => {
    time.abort();
  });
  await expect(loopback(request(`http://127.0.0.1:${port}/`), time.signal, now)).rejects.toMatchObject({
    code: 'destination-refused',
  });
});

test('an endless answer is not read', async () => {
  const port = await startServer((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(100_000)), 1);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  await expect(loopback(request(`http://127.0.0.1:${port}/`), never, now)).resolves.toBeUndefined();
});

test('events that follow each other share a connection, and one that the receiver ends with a request is made anew', async () => {
  const sockets: Socket[] = [];
  let calls = 0;
  const port = await startServer(({ socket }, response) => {
    const isKept = sockets.includes(socket);
    if (!isKept) sockets.push(socket);
    calls += 1;
    if (isKept && calls === 4) socket.destroy();
    else response.writeHead(200).end('Thank you.');
  });
  for (let count = 0; count < 4; count++) await loopback(request(`http://127.0.0.1:${port}/`), never, now);
  expect({ calls, connections: sockets.length }).toEqual({ calls: 5, connections: 2 });
});

test.each<[string, RequestListener]>([
  ['never ends', (_, response) => response.writeHead(200).write('Thank')],
  ['breaks off', (_, response) => response.writeHead(200).write('Thank', () => response.destroy())],
])('an answer that %s counts by its status', async (_what, answer) => {
  const port = await startServer(answer);
  await expect(loopback(request(`http://127.0.0.1:${port}/`), never, now)).resolves.toBeUndefined();
});

test('nobody listening is a refusal that says so', async () => {
  await expect(loopback(request('http://127.0.0.1:1/'), never, now)).rejects.toMatchObject({
    code: 'destination-refused',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});

test('a receiver over TLS must have a certificate that is trusted for its name', async () => {
  const trusted = await (await trustedAuthority()).issue(['localhost']);
  const stranger = await (await createCertificateAuthority()).issue(['localhost']);
  const calls: string[] = [];
  const answer: RequestListener = (incoming, response) => {
    calls.push(incoming.headers['webhook-id']?.toString() ?? '');
    response.writeHead(204).end();
  };
  const good = await listen(createTlsServer(trusted, answer));
  const bad = await listen(createTlsServer(stranger, answer));
  await loopback(request(`https://localhost:${good}/`), never, now);
  await expect(loopback(request(`https://localhost:${bad}/`), never, now)).rejects.toMatchObject({
    code: 'destination-refused',
    message: expect.stringContaining('UNABLE_TO') as string,
  });
  await expect(loopback(request(`https://127.0.0.1:${good}/`), never, now)).rejects.toMatchObject({
    code: 'destination-refused',
  });
  expect(calls).toEqual(['evt_1']);
});

test.each([
  'http://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://2130706433:PORT/',
  'https://[::ffff:127.0.0.1]:PORT/',
])('%s is refused without a connection where private networks are not allowed', async (url) => {
  let connections = 0;
  const server = createServer();
  server.on('connection', () => connections++);
  const port = await listen(server);
  const posting = closed(request(url.replace('PORT', String(port))), never, now);
  await expect(posting).rejects.toMatchObject({ code: 'destination-forbidden' });
  expect(connections).toBe(0);
});

test('a name is judged by what it resolves to, and by all of it', async () => {
  const resolved = [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.5', family: 4 },
  ];
  vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: (...answer: unknown[]) => void) => {
    done(null, resolved);
  }) as unknown as typeof dns.lookup);
  syncBuiltinESMExports();
  await expect(closed(request('https://rebound.example/'), never, now)).rejects.toMatchObject({
    code: 'destination-forbidden',
    message: 'rebound.example is 10.0.0.5, which webhooks may not reach.',
  });
});
