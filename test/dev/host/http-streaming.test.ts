import { request } from 'node:http';
import { expect, test } from 'vitest';
import { runFixture } from './run-fixture.ts';

test('a streaming app answers as it does in Azure', { timeout: 20_000 }, async () => {
  const host = await runFixture('streaming');
  const { url, masterKey, lines, line } = host;
  const get = (path: string, init?: RequestInit) => fetch(url + path, init);

  // Parameters: case does not matter, %2F comes encoded twice, the query is merged into the parameters.
  const shown = await get('/SHOW/a%2Fb%20c/?x=1&x=2&code=secret', {
    headers: { 'x-shown': 'yes', 'x-forwarded-host': 'elsewhere' },
  });
  expect(await shown.json()).toEqual({
    url: `${url}/SHOW/a%252Fb%20c/?x=1&x=2&code=secret`,
    params: { id: 'a%2Fb c', x: '1,2' },
    query: [
      ['x', '1'],
      ['x', '2'],
      ['code', 'secret'],
    ],
    header: 'yes',
    forwarded: 'elsewhere',
  });
  expect(await (await get('/files/a/b/c')).json()).toEqual({ rest: 'a/b/c' });
  expect(await (await get('/files')).json()).toEqual({});

  // Functions are tried in alphabetical order of their names, which hides one of the fixture's.
  expect(await (await get('/show/special')).json()).toMatchObject({ params: { id: 'special' } });
  expect(lines.join('\n')).toContain('Functions.show (show/{id}/{kind?}) hides Functions.zoo (show/special)');

  // What nobody answers.
  expect((await get('/show/1', { method: 'POST' })).status).toBe(404);
  expect((await get('/nowhere')).status).toBe(404);
  expect((await get('/admin/mine')).status).toBe(404);
  expect(lines.join('\n')).toContain('Functions.refused is in error: The specified route conflicts');
  expect(await (await get('/')).text()).toContain('up and running');

  // Cookies of the array all arrive, their values encoded.
  expect((await get('/cookies')).headers.getSetCookie()).toEqual([
    'first=a%20b; HttpOnly',
    'second=2; Path=/x; SameSite=Lax',
  ]);

  // Keys.
  expect((await get('/keyed')).status).toBe(401);
  expect(await (await get('/keyed', { headers: { 'x-functions-key': masterKey } })).text()).toBe('opened');

  // The host's own API.
  expect(await (await get('/admin/host/status')).json()).toEqual({ state: 'Running' });
  expect((await get('/admin/host/ping')).status).toBe(200);
  expect((await get('/admin/functions/nothing', { method: 'POST', body: '{}' })).status).toBe(404);

  // A handler that throws never answers.
  await expect(get('/throws', { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
  expect(await line(/'Functions\.throws' \(Failed/)).toContain('thrown on purpose');

  // The app's hooks ran.
  expect(lines.join('\n')).toMatch(/Host\.Function\.Console: started with 0 values/);
  await line(/\[information\] Functions\.keyed: after keyed$/);
  await host.stop();
  await line(/Host\.Function\.Console: terminated/);
});

test('bodies stream both ways, chunk by chunk', async () => {
  const { url } = await runFixture('streaming');
  const upload = new TransformStream<Uint8Array, Uint8Array>();
  const writer = upload.writable.getWriter();
  const answering = fetch(`${url}/echo`, { method: 'POST', body: upload.readable, duplex: 'half' });
  void writer.write(Buffer.from('first'));
  const body = (await answering).body?.getReader();
  // The first chunk is back before the second one is sent.
  expect(Buffer.from((await body?.read())?.value ?? []).toString()).toBe('first');
  void writer.write(Buffer.from('second'));
  expect(Buffer.from((await body?.read())?.value ?? []).toString()).toBe('second');
  void writer.close();
  expect((await body?.read())?.done).toBe(true);

  const large = Buffer.alloc(3_000_000, 'x');
  const echoed = await fetch(`${url}/echo`, { method: 'POST', body: large });
  expect(Buffer.from(await echoed.arrayBuffer()).equals(large)).toBe(true);
  expect((await fetch(`${url}/unread`, { method: 'POST', body: large })).status).toBe(202);
});

test('a body over the limit is a 500, and nothing runs when its length was announced', async () => {
  const { url, lines } = await runFixture('streaming', { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000' });
  const tooLarge = await fetch(`${url}/unread`, { method: 'POST', body: 'x'.repeat(1001) });
  expect(tooLarge.status).toBe(500);
  expect(lines.join('\n')).not.toContain('after unread');
  expect((await fetch(`${url}/unread`, { method: 'POST', body: 'x'.repeat(1000) })).status).toBe(202);
});

test('a handler runs to its end after its caller has gone', async () => {
  const { url, line } = await runFixture('streaming');
  await expect(fetch(`${url}/slow/400`, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
  await line(/the slow one has ended/);
});

test('callers that leave at once leave no call behind', async () => {
  const host = await runFixture('streaming');
  for (let milliseconds = 0; milliseconds < 10; milliseconds += 0.25) {
    const leaving = request(`${host.url}/echo`, { method: 'POST' }).on('error', () => undefined);
    leaving.write('the beginning of a body');
    setTimeout(() => leaving.destroy(), milliseconds);
    await new Promise((resolve) => leaving.once('close', resolve));
  }
  await host.stop();
  expect(host.lines.join('\n')).not.toContain('did not end in time');
});
