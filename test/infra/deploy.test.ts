import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeployStopped } from '../../infra/deploying/deploy-stopped.ts';
import { deployPostern, type WantedDeployment } from '../../infra/deploying/deploy-postern.ts';
import { createAz } from '../../infra/deploying/run-az.ts';
import { startAppForTest, type AppForTest } from './app-for-test.ts';
import { installStandInAz, type StandInAz } from './stand-in-az.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-deploy-'));
const wanted: WantedDeployment = { resourceGroup: 'mail', location: 'westeurope', parameters: [], code: 'postern.zip' };
const ok = { status: 200, body: '{"status":"ok"}' };
const commands = {
  account: 'account show --output json',
  exists: 'group exists --name mail',
  group: 'group create --name mail --location westeurope --output none',
  resources:
    'deployment group create --resource-group mail --name postern --template-file infra/main.json --query properties.outputs --output json',
  code: 'functionapp deployment source config-zip --resource-group mail --name postern-abc --src postern.zip --output none',
};

let app: AppForTest;
let az: StandInAz;
let said: string[];

beforeAll(async () => {
  app = await startAppForTest();
});
beforeEach(() => {
  az = installStandInAz(join(folder, 'bin'));
  vi.stubEnv('PATH', az.path);
  said = [];
  app.answers = [ok];
  app.asked.length = 0;
  az.behaveWell(app.hostName);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits a moment between two tries; for the code and for /health no longer than is said, in milliseconds. */
function deploy({ change = {}, code = 0, health = 0 }: { change?: object; code?: number; health?: number } = {}) {
  const say = (line: string) => said.push(line);
  const patience = { pause: 20, code, health };
  return deployPostern({ ...wanted, ...change }, createAz(say, 20_000), patience, say);
}

async function stopped(...args: Parameters<typeof deploy>): Promise<DeployStopped> {
  const met = await deploy(...args).catch((error: unknown) => error);
  if (!(met instanceof DeployStopped)) throw new Error('It did not stop.', { cause: met });
  return met;
}

describe('a deployment', () => {
  it('makes the group, the resources, puts the code in place and asks /health, and shows each command', async () => {
    expect(await deploy()).toEqual({
      subscription: 's1',
      user: 'ada@contoso.com',
      appName: 'postern-abc',
      hostName: app.hostName,
      siteUrl: 'https://mail.example.com',
      redirectUris: [
        'https://mail.example.com/microsoft_outlook/confirm',
        'https://mail.example.com/console/signed-in',
      ],
      clientId: 'c1',
      identityPrincipalId: 'p1',
      vaultName: 'postern-v',
    });
    expect(az.calls()).toEqual(Object.values(commands));
    expect(said.filter((line) => line.startsWith('$ '))).toEqual(az.calls().map((call) => `$ az ${call}`));
    expect(app.asked).toEqual(['/health']);
  });

  it('does the same again after a success, but for the group', async () => {
    const first = await deploy();
    expect(await deploy()).toEqual(first);
    const { group, ...others } = commands;
    expect(az.calls().filter((call) => call === group)).toHaveLength(1);
    expect(az.calls().slice(5)).toEqual(Object.values(others));
  });

  it('runs the commands that stand in docs/OPERATIONS.md', async () => {
    await deploy();
    const operations = readFileSync('docs/OPERATIONS.md', 'utf8');
    const steps = az.calls().filter((call) => call !== commands.account && call !== commands.exists);
    expect(steps).toHaveLength(3);
    for (const call of steps) {
      const forPeople = call
        .replace('mail', 'RG')
        .replace('westeurope', 'REGION')
        .replace('postern-abc', 'APP')
        .replace(' --output none', '');
      expect(operations).toContain(`\naz ${forPeople}\n`);
    }
  });

  it('takes single parameters, and a parameter file that names its template itself', async () => {
    await deploy({ change: { parameters: ['my.bicepparam', 'name=mail'] } });
    expect(az.calls()[3]).toBe(
      'deployment group create --resource-group mail --name postern --parameters my.bicepparam --parameters name=mail --query properties.outputs --output json',
    );
  });

  it('makes no group without a region', async () => {
    const { message, remedy } = await stopped({ change: { location: undefined } });
    expect([message, remedy]).toEqual(['There is no resource group mail.', 'Say where to make it: --location REGION']);
    expect(az.calls()).toEqual([commands.account, commands.exists]);
  });
});

describe('what fails ends it with what to do', () => {
  const steps = [
    ['account show', 'ERROR: Please run az login to setup account.', /^Sign in: az login/],
    ['group exists', 'ERROR: (InternalServerError) again', /^Mend what it says, then run this again/],
    ['group create', "ERROR: (AuthorizationFailed) ... over scope '/subscriptions/s1'", /Ask for Contributor and Role/],
    ['deployment group create', 'ERROR: {"code": "InvalidTemplateDeployment"}', /^Mend what it says/],
    ['functionapp deployment source config-zip', 'ERROR: The zip is broken', /^Mend what it says/],
  ] as const;

  it.each(steps)('az %s', async (words, complaint, remedy) => {
    az.behave(words, { code: 1, complaint });
    const end = await stopped({ code: 60_000, health: 60_000 });
    expect(end.message).toContain(complaint);
    expect(end.remedy).toMatch(remedy);
    // Nothing after the step that failed, and that step once.
    expect(az.calls().at(-1)).toMatch(new RegExp(`^${words}`));
    expect(az.calls()).toHaveLength(steps.findIndex(([each]) => each === words) + 1);
    expect(app.asked).toEqual([]);
  });

  it.each([
    ["does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write'", /give roles/],
    ['Authorization_RequestDenied: Insufficient privileges to complete the operation', /application=existing/],
    ["(AuthorizationFailed) The client 'ada' does not have authorization to perform action", /Contributor and Role/],
    ["The subscription is not registered to use namespace 'Microsoft.App'", /az provider register/],
    ['A vault with the same name already exists in deleted state', /recoverVault=true/],
    ['(RequestDisallowedByPolicy) Resource was disallowed by policy', /policy of your organisation/],
    ['az: error: unrecognized arguments: --name', /az upgrade/],
  ])('of the resources: %s', async (complaint, remedy) => {
    az.behave('deployment group create', { code: 1, complaint });
    expect((await stopped()).remedy).toMatch(remedy);
  });

  it('a person without the right to deploy code is told at once, although that is a 403 too', async () => {
    const complaint = "403 (AuthorizationFailed) The client 'ada' does not have authorization to perform action";
    az.behave('functionapp deployment source config-zip', { code: 1, complaint });
    expect((await stopped({ code: 60_000 })).remedy).toMatch(/Ask for Contributor/);
    expect(az.calls()).toHaveLength(5);
  });

  it('there is no az', async () => {
    vi.stubEnv('PATH', join(folder, 'nothing-here'));
    expect((await stopped()).message).toBe('There is no Azure CLI (az) on this machine.');
  });

  it('az does not end', async () => {
    const hurried = createAz(() => undefined, 1);
    await expect(hurried('account', 'show')).rejects.toThrow('az account show was ended after 0.001 s.');
  });
});

describe('what takes a while is waited for', () => {
  const tooNew = {
    code: 1,
    complaint:
      'BlobUploadFailedException: Response status code does not indicate success: 403 (This request is not authorized)',
  };

  it('a role that is not known everywhere: the code is put in place again', async () => {
    az.behave('functionapp deployment source config-zip', tooNew, tooNew, {});
    await deploy({ code: 60_000 });
    expect(az.calls().slice(4)).toEqual([commands.code, commands.code, commands.code]);
    expect(said.filter((line) => line.includes('a new role takes minutes'))).toHaveLength(1);
  });

  it('but not for ever', async () => {
    az.behave('functionapp deployment source config-zip', tooNew);
    const { message } = await stopped({ code: 30 });
    expect(message).toContain('BlobUploadFailedException');
    expect(app.asked).toEqual([]);
  });

  it('an app that comes up late', async () => {
    app.answers = [
      { status: 404, body: '' },
      { status: 200, body: '<html>Your Functions app is up and running</html>' },
      { status: 503, body: '{"status":"failing","parts":[{"name":"storage","detail":"403"}]}' },
      { status: 503, body: '{"status":"failing","parts":[{"name":"storage","detail":"403"}]}' },
      ok,
    ];
    await deploy({ health: 60_000 });
    expect(app.asked).toHaveLength(5);
    expect(said.filter((line) => line.includes('not yet'))).toEqual([
      '  not yet: 404',
      '  not yet: 200 <html>Your Functions app is up and running</html>',
      '  not yet: 503 {"status":"failing","parts":[{"name":"storage","detail":"403"}]}',
    ]);
  });

  it('one that does not: its own words are the end', async () => {
    app.answers = [
      { status: 503, body: '{"status":"failing","parts":[{"name":"settings","detail":"KEY_VAULT_URL"}]}' },
    ];
    const { message, remedy } = await stopped({ health: 50 });
    expect(message).toContain('KEY_VAULT_URL');
    expect(remedy).toContain('run this again');
    expect(app.asked.length).toBeGreaterThan(1);
  });

  it('one that cannot be reached', async () => {
    const outputs = Object.fromEntries(
      ['appName', 'siteUrl', 'redirectUris', 'clientId', 'identityPrincipalId', 'vaultName'].map((name) => [
        name,
        { value: name },
      ]),
    );
    // Nobody listens on port 1 of this machine.
    const answer = JSON.stringify({ ...outputs, hostName: { value: 'localhost:1' } });
    az.behave('deployment group create', { answer });
    expect((await stopped()).message).toMatch(/^https:\/\/localhost:1\/health does not say ok: ./);
  });
});
