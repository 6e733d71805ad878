import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startAppForTest, type AppForTest } from './app-for-test.ts';
import { installStandInAz, type StandInAz } from './stand-in-az.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-command-'));
const authority = join(folder, 'authority.pem');
let app: AppForTest;
let az: StandInAz;

beforeAll(async () => {
  app = await startAppForTest();
  writeFileSync(authority, app.authority);
});
beforeEach(() => {
  az = installStandInAz(join(folder, 'bin'));
  az.behaveWell(app.hostName);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, ['infra/deploy.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: az.path, NODE_EXTRA_CA_CERTS: authority },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output, errors };
}

it('ends with where everything is, and with the commands for the first admin key', async () => {
  const { code, output, errors } = await run('--resource-group', 'mail', '--location', 'westeurope');
  expect([code, errors]).toEqual([0, '']);
  expect(output).toContain(`Postern runs at https://${app.hostName} `);
  expect(output).toContain('  Console         https://mail.example.com/console\n');
  expect(output).toContain(
    'https://mail.example.com/microsoft_outlook/confirm  https://mail.example.com/console/signed-in\n',
  );
  const vault = '/subscriptions/s1/resourceGroups/mail/providers/Microsoft.KeyVault/vaults/postern-v';
  expect(output).toContain(
    `az role assignment create --role "Key Vault Secrets User" --assignee ada@contoso.com --scope ${vault}\n`,
  );
  expect(output).toContain('az keyvault secret show --vault-name postern-v --name first-admin-key ');
});

it('ends with a failure, its reason and what to do', async () => {
  az.behave('account show', { code: 1, complaint: "ERROR: Please run 'az login' to setup account." });
  const { code, output, errors } = await run('--resource-group', 'mail');
  expect([code, output]).toEqual([1, '$ az account show --output json\n']);
  expect(errors).toContain("ERROR: Please run 'az login' to setup account.\n\nSign in: az login");
});

it('ends at once where there is no az', async () => {
  az = { ...az, path: join(folder, 'nothing-here') };
  const { code, errors } = await run('--resource-group', 'mail');
  expect([code, errors]).toEqual([1, '\nThere is no Azure CLI (az) on this machine.\n\nInstall it, 2.60 or newer.\n']);
});

it.each([
  [[], '--resource-group is missing.'],
  [['--resource-group', 'mail', '--region', 'x'], "Unknown option '--region'"],
])('runs nothing when it is not told what it needs: %j', async (args, complaint) => {
  const { code, errors } = await run(...args);
  expect(code).toBe(1);
  expect(errors).toContain(complaint);
  expect(errors).toContain('npm run deploy -- --resource-group RG');
  expect(az.calls()).toEqual([]);
});

it('tells how it is used', async () => {
  const { code, output } = await run('--help');
  expect([code, output.split('\n')[0]]).toEqual([
    0,
    'npm run deploy -- --resource-group RG [--location REGION] [--parameters FILE | NAME=VALUE]...',
  ]);
});
