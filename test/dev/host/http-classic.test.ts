import { expect, test } from 'vitest';
import { runFixture } from './run-fixture.ts';

test('an app without streaming answers as it does in Azure', async () => {
  const { url, line } = await runFixture('classic');
  const api = (path: string, init?: RequestInit) => fetch(`${url}/api${path}`, init);

  const shown = await api('/show/a%2Fb?x=1&x=2', { method: 'POST', body: 'text' });
  expect(shown.status).toBe(201);
  expect(await shown.json()).toEqual({
    url: `${url}/api/show/a%2Fb?x=1&x=2`,
    params: { id: 'a%2Fb' },
    query: { x: '1,2' },
    body: 'text',
  });
  // Of two Set-Cookie headers the last one survives.
  expect(shown.headers.getSetCookie()).toEqual(['kept=1', 'fine=a%20b; max-age=60; path=/; secure; samesite=none']);

  // A body of unknown length does not arrive.
  const chunks = new Blob(['lost']).stream();
  const chunked = await api('/show/1', { method: 'POST', body: chunks, duplex: 'half' });
  expect(await chunked.json()).toMatchObject({ body: '' });

  expect((await api('/nothing')).status).toBe(204);
  const thrown = await api('/throws');
  expect([thrown.status, await thrown.text()]).toEqual([500, '']);
  await line(/\[error\] Host: Executed 'Functions\.throws' \(Failed, .*thrown on purpose/);
});

test('a call past functionTimeout is a 500 and the worker is restarted', async () => {
  const { url, line } = await runFixture('classic', { AzureFunctionsJobHost__functionTimeout: '00:00:00.300' });
  expect((await fetch(`${url}/api/forever`)).status).toBe(500);
  await line(/Functions\.forever ran longer than functionTimeout/);
  await line(/Restarting the worker process/);
  expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
});
