import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startAzurite } from '../../../dev/storage/azurite.ts';
import { runFixture } from './run-fixture.ts';

const hour = 3_600_000;
let azurite: Awaited<ReturnType<typeof startAzurite>>;
let env: Record<string, string>;
beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(() => {
  env = { AzureWebJobsStorage: azurite.connectionString, EVERY_SECOND: '* * * * * *' };
});
afterAll(() => azurite.stop());

function statusBlob(name: string) {
  return BlobServiceClient.fromConnectionString(azurite.connectionString)
    .getContainerClient('azure-webjobs-hosts')
    .getBlockBlobClient(`timers/timers-fixture/Host.Functions.${name}/status`);
}

async function readStatus(name: string): Promise<{ Last: string; Next: string; LastUpdated: string }> {
  return JSON.parse((await statusBlob(name).downloadToBuffer()).toString()) as never;
}

test('timers run on schedule, at start, when told to, and once for what was missed', async () => {
  const topOfHour = Math.floor(Date.now() / hour) * hour;
  const first = await runFixture('timers', env);
  await first.line(/everySecond \{"schedule":\{"adjustForDST":true\},"scheduleStatus":null,"isPastDue":false\}/);
  await first.line(/Functions\.atStart: atStart \{.*"last":"0001-01-01T00:00:00\+00:00".*"isPastDue":false/);
  await first.line(/Functions\.wrong is in error: The schedule expression '\*\/5 \* \* \* \*' was not recognized/);
  const status = await vi.waitFor(() => readStatus('hourly'));
  expect(new Date(status.Next).getTime()).toBe(topOfHour + hour);

  await first.runTimer('hourly');
  expect(first.lines.join('\n')).toContain('Functions.hourly: hourly {');
  expect((await fetch(`${first.url}/admin/functions/hourly`, { method: 'POST', body: '{}' })).status).toBe(202);
  await first.runTimer('retried');
  expect(first.lines.filter((line) => line.includes('Functions.retried: retried'))).toHaveLength(3);
  await expect(first.runTimer('unknown')).rejects.toThrow('no timer function named unknown');
  await first.stop();

  // Three hours of downtime: one run makes up for all of them.
  const last = new Date(topOfHour - 3 * hour).toISOString();
  const next = new Date(topOfHour - 2 * hour).toISOString();
  const missed = JSON.stringify({ Last: last, Next: next, LastUpdated: last });
  await statusBlob('hourly').upload(missed, missed.length);
  const second = await runFixture('timers', env);
  const line = await second.line(/Functions\.hourly: hourly/);
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    schedule: { adjustForDST: true },
    scheduleStatus: { last, next, lastUpdated: last },
    isPastDue: true,
  });
  await vi.waitFor(async () => {
    expect(new Date((await readStatus('hourly')).Next).getTime()).toBeGreaterThan(Date.now());
  });
  await second.stop();
  expect(second.lines.filter((printed) => printed.includes('Functions.hourly: hourly'))).toHaveLength(1);
});

test('of two hosts one runs the timer, and the other takes over when it is killed', { timeout: 40_000 }, async () => {
  const ran = (host: { lines: readonly string[] }) => host.lines.some((line) => line.includes('everySecond {'));
  const one = await runFixture('timers', env);
  await one.line(/everySecond \{/);
  const other = await runFixture('timers', env);
  // Long enough for the other one to have run it several times.
  const before = one.lines.length;
  await vi.waitFor(
    () => {
      expect(one.lines.length).toBeGreaterThan(before + 3);
    },
    { timeout: 10_000 },
  );
  expect(ran(other)).toBe(false);
  one.kill();
  await other.line(/everySecond \{/);
});

test('a timer that is disabled runs only when it is told to', async () => {
  const host = await runFixture('timers', { ...env, 'AzureWebJobs.atStart.Disabled': 'true' });
  await host.line(/everySecond \{/);
  await host.runTimer('hourly');
  expect(host.lines.join('\n')).not.toContain('atStart {');
  await host.runTimer('atStart');
  expect(host.lines.join('\n')).toContain('atStart {');
});
