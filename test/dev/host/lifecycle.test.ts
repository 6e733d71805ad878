import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fixturePath, runFixture } from './run-fixture.ts';

test('a crash fails the call, a new worker takes over on the same port, and the third ends the host', async () => {
  const { url, exited, line } = await runFixture('classic', { AzureFunctionsJobHost__functionTimeout: '00:01:00' });
  for (const crash of [1, 2]) {
    expect((await fetch(`${url}/api/rejects`)).status).toBe(500);
    await line(new RegExp(`crashed \\(${crash} of 3`));
    expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
  }
  await fetch(`${url}/api/rejects`).catch(() => undefined);
  expect(await exited).toBe(1);
});

test('stop answers the calls in flight first', async () => {
  const host = await runFixture('streaming');
  const answer = fetch(`${host.url}/slow/500`);
  await host.line(/the slow one has begun/);
  await host.stop();
  expect(await (await answer).text()).toBe('slow answer');
  expect(await host.exited).toBe(0);
  await expect(fetch(host.url)).rejects.toThrow();
});

test('the app gets the settings it was given and not this environment', async () => {
  vi.stubEnv('LEAKED', 'yes');
  const { url } = await runFixture('environment', { GIVEN: 'yes' });
  vi.unstubAllEnvs();
  expect(await (await fetch(`${url}/api/settings`)).json()).toEqual({ given: 'yes' });
});

test('it listens where it is told to, and does not start where somebody listens already', async () => {
  const first = await runFixture('environment');
  const { port } = new URL(first.url);
  await expect(runFixture('environment', {}, Number(port))).rejects.toThrow('EADDRINUSE');
  await first.stop();
  const second = await runFixture('environment', {}, Number(port));
  expect(second.url).toBe(first.url);
});

test('the host ends in order when the process that started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'host-'));
  const file = join(folder, 'terminated');
  onTestFinished(() => rm(folder, { recursive: true }));
  const starter = fork(new URL('./fixtures/start-and-wait.ts', import.meta.url), [fixturePath('streaming'), file]);
  const [url] = (await once(starter, 'message')) as [string];
  expect((await fetch(`${url}/admin/host/ping`)).status).toBe(200);
  starter.kill('SIGKILL');
  // The app's appTerminate hook writes the file.
  await vi.waitFor(() => readFile(file), { timeout: 5000 });
  await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'));
});
