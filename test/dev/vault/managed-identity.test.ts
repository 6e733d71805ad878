import { randomUUID } from 'node:crypto';
import { ManagedIdentityCredential } from '@azure/identity';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startManagedIdentity } from '../../../dev/vault/managed-identity.ts';
import { startVaultUnderTest } from './vault-under-test.ts';

// One for all: the credential remembers the first endpoint it met in the process.
const identity = await startManagedIdentity();

beforeAll(() => {
  vi.stubEnv('IDENTITY_ENDPOINT', identity.endpoint);
  vi.stubEnv('IDENTITY_HEADER', identity.header);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await identity.stop();
});

test('the real credential gets a token here, and the vault takes it', async () => {
  const credential = new ManagedIdentityCredential({ clientId: randomUUID() });
  const { client } = await startVaultUnderTest(
    { isToken: (token) => identity.isToken(token, 'https://vault.azure.net') },
    credential,
  );

  await client.setSecret('mailbox', 'x');
  expect(await client.getSecret('mailbox')).toMatchObject({ value: 'x' });
});

test('a token is for the resource it was asked for', async () => {
  const { token, expiresOnTimestamp } = await new ManagedIdentityCredential({ clientId: randomUUID() }).getToken(
    'https://storage.azure.com/.default',
  );

  expect(identity.isToken(token)).toBe(true);
  expect(identity.isToken(token, 'https://storage.azure.com/')).toBe(true);
  expect(identity.isToken(token, 'https://vault.azure.net')).toBe(false);
  expect(identity.isToken('made up')).toBe(false);
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_600_000);
});

test('a token expires after a day', async () => {
  const { endpoint, header } = identity;
  const url = `${endpoint}?api-version=2019-08-01&resource=https://vault.azure.net&client_id=abc`;
  const answer = (await (await fetch(url, { headers: { 'X-IDENTITY-HEADER': header } })).json()) as {
    access_token: string;
    expires_on: string;
  };
  expect(answer).toMatchObject({ resource: 'https://vault.azure.net', token_type: 'Bearer', client_id: 'abc' });

  vi.useFakeTimers({ toFake: ['Date'], now: Number(answer.expires_on) * 1000 - 1 });
  onTestFinished(() => void vi.useRealTimers());
  expect(identity.isToken(answer.access_token)).toBe(true);
  vi.advanceTimersByTime(1);
  expect(identity.isToken(answer.access_token)).toBe(false);
});

test.for([
  { why: 'the header is wrong', header: 'wrong', query: '?api-version=2019-08-01&resource=r', status: 401 },
  { why: 'the resource is missing', query: '?api-version=2019-08-01', status: 400 },
  { why: 'the version is another', query: '?api-version=2017-09-01&resource=r', status: 400 },
])('no token when $why', async ({ header, query, status }) => {
  const headers = { 'X-IDENTITY-HEADER': header ?? identity.header };
  expect((await fetch(identity.endpoint + query, { headers })).status).toBe(status);
});
