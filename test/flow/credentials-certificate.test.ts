import { beforeAll, expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { expectNowhere } from '../support/canaries.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed } from '../support/receiving.ts';
import { refreshToken } from '../support/refresh-token.ts';
import { makeRsaCertificate, type RsaCertificate } from '../support/rsa-certificate.ts';
import { openVault } from '../support/vault-secrets.ts';

const { clientId, tenantId: tenant } = laptopTenant;
const name = 'postern-app';
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

interface App {
  readonly credential: {
    readonly kind: string;
    readonly expiresAt?: string;
    readonly problem?: string;
    readonly certificate: { readonly name: string; readonly thumbprint?: string };
  };
}

let flow: Flow;
let first: RsaCertificate;
let incoming: string;
const seen: unknown[] = [];

beforeAll(async () => {
  const settings = {
    MICROSOFT_CLIENT_ID: clientId,
    MICROSOFT_TENANT_ID: tenant,
    MICROSOFT_CREDENTIAL: 'certificate',
    MICROSOFT_CERTIFICATE: name,
  };
  flow = await startFlow({ settings });
  first = await makeRsaCertificate(inDays(300));
});

async function readApp(api = flow.api): Promise<App> {
  const app = await api.call<App>('GET', '/v1/app');
  seen.push(app);
  return app;
}

const keep = ({ withKey }: RsaCertificate) =>
  openVault(flow.settings).setSecret(name, withKey, { contentType: 'application/x-pem-file' });
const upload = ({ certificate }: RsaCertificate) => {
  flow.microsoft365.application(clientId).certificates = [certificate];
};

it('that is missing is said to be missing', async () => {
  expect((await readApp()).credential).toEqual({
    kind: 'certificate',
    certificate: { name },
    problem: `The certificate ${name} is not in the key vault.`,
  });
});

it('proves who asks, and shows when it ends', async () => {
  await keep(first);
  upload(first);
  const account = await flow.connect('ada@contoso.example');
  incoming = await addConfirmed(flow, { account: account.id });
  expect((await refreshToken(flow, flow.api, incoming)).status).toBe(200);
  const { credential } = await readApp();
  expect(credential).toMatchObject({ kind: 'certificate', certificate: { name } });
  expect(Math.abs(Date.parse(credential.expiresAt ?? '') - inDays(300).getTime())).toBeLessThan(day / 24);
  expect(credential.certificate.thumbprint).toMatch(/^[0-9A-F]{64}$/);
});

it('that the application does not have is a fault of the app, with the commands that mend it', async () => {
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
  upload(await makeRsaCertificate(inDays(300)));
  const { status, body } = await refreshToken(flow, flow.api, incoming);
  expect([status, body.code, body.upstream?.aadsts]).toEqual([409, 'app-credential-refused', '700027']);
  expect(body.remedy).toContain(`az keyvault certificate download --vault-name VAULT --name ${name}`);
  expect(body.remedy).toContain(`az ad app credential reset --id ${clientId} --append --cert @${name}.pem`);
  const { data } = await flow.api.call<{ data: { id: string; state: string }[] }>('GET', '/v1/accounts');
  expect(data.filter((each) => each.id !== id).map(({ state }) => state)).toEqual(['connected']);
  upload(first);
  expect((await refreshToken(flow, flow.api, incoming)).status).toBe(200);
});

it('that was renewed in the vault is used without a change of settings, and warned of when it ends soon', async () => {
  const renewed = await makeRsaCertificate(inDays(2.5));
  await keep(renewed);
  upload(renewed);
  const host = await flow.startSecondHost();
  const other = createApiClient(host.url, flow.adminKey);
  const before = (await readApp()).credential.certificate.thumbprint;
  expect((await readApp(other)).credential.certificate.thumbprint).not.toBe(before);
  expect((await refreshToken(flow, other, incoming)).status).toBe(200);

  // Looked at when the app registration was written to, and not again within the hour.
  await flow.api.call('PUT', '/v1/app', { clientId, tenant });
  for (let sweep = 0; sweep < 3; sweep++) await host.runTimer('sweepTimer');
  const warnings = flow.log.filter((line) => line.includes('The app credential ends soon.'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/certificate.*withinDays\W+3\b/);
  await expectNowhere(flow, canariesOf([first, renewed]), seen);
});

/** Lines out of the middle of each private key. */
function canariesOf(certificates: readonly RsaCertificate[]): Record<string, string> {
  return Object.fromEntries(certificates.map(({ withKey }, index) => [`key ${index}`, withKey.split('\n')[8] ?? '']));
}
