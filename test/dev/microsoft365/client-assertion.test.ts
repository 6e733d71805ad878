import { ClientAssertion, CryptoProvider } from '@azure/msal-node';
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { createJwtSigner } from '../../../dev/microsoft365/login/jwt.ts';
import type { Microsoft365 } from '../../../dev/microsoft365/start-microsoft365.ts';
import { makeRsaCertificate } from '../../support/rsa-certificate.ts';
import { clientId, clientSecret, startTenant, tenantId } from './tenant-for-test.ts';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const seconds = () => Math.floor(Date.now() / 1000);
const ours = await makeRsaCertificate(inDays(30));
const old = await makeRsaCertificate(inDays(-1));
const stranger = await makeRsaCertificate(inDays(30));
const identity = createJwtSigner();
const issuer = 'https://login.microsoftonline.com/home/v2.0';

let tenant: Microsoft365;
let endpoint: string;

beforeEach(async () => {
  tenant = await startTenant(undefined, {}, [{ issuer, verify: (token) => identity.verify(token) }]);
  endpoint = `${tenant.authority}/${tenantId}/oauth2/v2.0/token`;
});

/** What the token endpoint says to an application that shows this: a status, or Entra's number. */
async function ask(proof: Record<string, string>): Promise<number> {
  const body = new URLSearchParams({
    ...{ client_id: clientId, grant_type: 'client_credentials', scope: 'https://outlook.office365.com/.default' },
    ...proof,
  });
  const response = await fetch(endpoint, { method: 'POST', body });
  const { error_codes } = (await response.json()) as { error_codes?: number[] };
  return error_codes?.[0] ?? response.status;
}

describe('a certificate', () => {
  const thumbprintOf = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '');
  const right = () => ({
    aud: endpoint,
    iss: clientId,
    sub: clientId,
    jti: 'one',
    nbf: seconds(),
    exp: seconds() + 600,
  });
  function assert(claims: Record<string, unknown>, by = ours, claimed = by): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const x5t = Buffer.from(thumbprintOf(claimed.certificate), 'hex').toString('base64url');
    const content = `${part({ alg: 'RS256', 'x5t#S256': x5t })}.${part(claims)}`;
    return `${content}.${sign('sha256', Buffer.from(content), createPrivateKey(by.withKey)).toString('base64url')}`;
  }

  beforeEach(() => {
    tenant.application(clientId).certificates = [old.certificate, ours.certificate];
  });

  test('that the application has is taken, as MSAL signs with it', async () => {
    const made = ClientAssertion.fromCertificateWithSha256Thumbprint(thumbprintOf(ours.certificate), ours.withKey);
    expect(await ask({ client_assertion: made.getJwt(new CryptoProvider(), clientId, endpoint) })).toBe(200);
    expect(await ask({ client_assertion: assert(right()) })).toBe(200);
  });

  test.each([
    ['is unknown', () => assert(right(), stranger), 700027],
    ['is not what signed', () => assert(right(), stranger, ours), 700027],
    ['has expired', () => assert(right(), old), 700027],
    ['names another issuer', () => assert({ ...right(), iss: 'another' }), 700021],
    ['names another subject', () => assert({ ...right(), sub: 'another' }), 700021],
    ['is meant for somebody else', () => assert({ ...right(), aud: 'https://example.com' }), 700023],
    ['is too old', () => assert({ ...right(), exp: seconds() - 1 }), 700024],
    ['is not valid yet', () => assert({ ...right(), nbf: seconds() + 600 }), 700024],
    ['has no end', () => assert({ ...right(), exp: undefined }), 700024],
    ['has no id', () => assert({ ...right(), jti: undefined }), 50027],
    ['was cut', () => assert(right()).split('.').slice(0, 2).join('.'), 50027],
  ])('that %s is refused', async (_why, made, number) => {
    expect(await ask({ client_assertion: made() })).toBe(number);
  });
});

describe('a federated credential', () => {
  const right = () => ({ aud: 'api://exchange', iss: issuer, sub: 'me', exp: seconds() + 600 });

  test('that fits the token is taken; without any there is no use for a token', async () => {
    expect(await ask({ client_assertion: identity.sign(right()) })).toBe(70025);
    register();
    expect(await ask({ client_assertion: identity.sign(right()) })).toBe(200);
  });

  test.each([
    ['issuer', () => identity.sign({ ...right(), iss: 'https://example.com' }), 700211],
    ['subject', () => identity.sign({ ...right(), sub: 'Me' }), 700213],
    ['audience', () => identity.sign({ ...right(), aud: 'api://exchange/' }), 700212],
    ['signature', () => createJwtSigner().sign(right()), 50013],
    ['time', () => identity.sign({ ...right(), exp: seconds() - 1 }), 700024],
  ])('takes no token of another %s', async (_what, made, number) => {
    register();
    expect(await ask({ client_assertion: made() })).toBe(number);
  });

  function register(): void {
    tenant.application(clientId).federatedCredentials = [{ issuer, subject: 'me', audience: 'api://exchange' }];
  }
});

test('a client secret that has ended is told apart from a wrong one', async () => {
  tenant.application(clientId).expiredSecrets = ['former'];
  expect(await ask({ client_secret: clientSecret })).toBe(200);
  expect(await ask({ client_secret: 'former' })).toBe(7000222);
  expect(await ask({ client_secret: 'wrong' })).toBe(7000215);
  expect(await ask({})).toBe(7000218);
});
