import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deployPostern } from '../../infra/deploying/deploy-postern.ts';
import type { Az } from '../../infra/deploying/run-az.ts';

// Of nobody: each command ends as soon as it is understood, for nobody is signed in, and reaches no subscription.
const nobody = mkdtempSync(join(tmpdir(), 'postern-az-'));
const env = { ...process.env, AZURE_CONFIG_DIR: nobody, AZURE_CORE_COLLECT_TELEMETRY: 'no' };
const isInstalled = spawnSync('az', ['version'], { env }).status === 0;
if (!isInstalled)
  process.stdout.write('The az commands of the docs were not parsed: no Azure CLI (az) is installed.\n');

/** Those that `npm run deploy` runs, the last of which fails here. */
const deployed: string[] = [];
const answers: Record<string, string> = {
  account: '{"id": "s1", "user": {"name": "ada@contoso.com"}}',
  group: 'false',
  deployment: JSON.stringify(
    Object.fromEntries(
      ['appName', 'hostName', 'siteUrl', 'redirectUris', 'clientId', 'identityPrincipalId', 'vaultName'].map((name) => [
        name,
        { value: name },
      ]),
    ),
  ),
};
const recordingAz: Az = (...args) => {
  deployed.push(`az ${args.join(' ')}`);
  const answer = answers[args[0] ?? ''];
  return Promise.resolve({ ok: answer !== undefined, answer: answer ?? '', complaint: 'That is enough.' });
};
const wanted = { resourceGroup: 'RG', location: 'REGION', parameters: ['name=mail'], code: 'postern.zip' };
await deployPostern(wanted, recordingAz, { pause: 1, code: 0, health: 0 }, () => undefined).catch(() => undefined);

/** Commands with options, out of the docs; those that sign in or change az itself have none. */
const documented = globSync('{README.md,docs/*.md}').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:^|`|&& )(az [a-z -]*[a-z] -[^`\n]*?)(?= &&|`|$)/gm)].map(
    (match) => match[1] ?? '',
  ),
);

afterAll(() => {
  rmSync(nobody, { recursive: true, force: true });
});

it('the docs and the script have commands to parse', () => {
  expect(documented.length).toBeGreaterThan(10);
  expect(deployed).toHaveLength(5);
});

describe.skipIf(!isInstalled)('az understands, and ends for nobody is signed in', () => {
  const commands = [...new Set([...documented, ...deployed])];
  it.each(commands.filter((command) => !command.startsWith('az account set')))('%s', (command) => {
    const { status, stderr } = spawnSync(command, { env, shell: true, encoding: 'utf8' });
    expect(stderr).not.toMatch(/unrecognized arguments|are required|misspelled|invalid choice|expected (one|at least)/);
    // Something else is missing: as a rule a sign-in.
    expect(status, stderr).not.toBe(0);
  });
});
