import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createVaultCertificates } from '../../functions/azure/vault-certificate.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { SecretStore } from '../../functions/shared/secret-store.ts';
import { makeRsaCertificate } from '../support/rsa-certificate.ts';

const [one, other] = [
  await makeRsaCertificate(new Date('2027-01-01')),
  await makeRsaCertificate(new Date('2028-01-01')),
];
const keyOf = ({ withKey }: typeof one) => withKey.slice(0, withKey.indexOf('-----BEGIN CERTIFICATE'));

/** A vault with this in it, or one that is down. */
function createVault(value: string | undefined | GatewayError) {
  const vault = { value, reads: 0 };
  const get: SecretStore['get'] = () => {
    vault.reads += 1;
    if (vault.value instanceof GatewayError) return Promise.reject(vault.value);
    return Promise.resolve(
      vault.value === undefined ? undefined : { secret: new Secret(vault.value), setAt: new Date(0) },
    );
  };
  return { vault, read: createVaultCertificates({ get } as SecretStore) };
}

describe('a certificate in the vault', () => {
  it.each([
    ['alone', one.withKey],
    ['before its authorities', `${one.withKey}${other.certificate}`],
    ['after them', `${other.certificate}\n${one.withKey}`],
  ])('is found %s', async (_where, pem) => {
    const { expiresAt, thumbprint, chain } = await createVault(pem).read('postern-app');
    expect(expiresAt).toEqual(new Date('2027-01-01'));
    expect(thumbprint).toMatch(/^[0-9A-F]{64}$/);
    expect(chain.startsWith(one.certificate.trim())).toBe(true);
    expect(chain).not.toContain('PRIVATE KEY');
  });

  it.each([
    ['is not in the key vault', undefined],
    ['is not in PEM form', 'MIIKcQIBAzCCCi0GCSqGSIb3DQEHAaCCCh4Eggo='],
    ['is not in PEM form', one.certificate],
    ['is not in PEM form', keyOf(one)],
    ['does not belong to the private key', `${keyOf(one)}${other.certificate}`],
    ['cannot be read', one.withKey.replace(/PRIVATE KEY-----\n.{40}/, 'PRIVATE KEY-----\ncanary')],
  ])('that %s is said to be so, and nothing of it is told', async (why, pem) => {
    const thrown = await createVault(pem)
      .read('postern-app')
      .catch((error: unknown) => error as GatewayError);
    expect(thrown).toMatchObject({ code: 'app-credential-refused' });
    const { message, data, cause } = thrown as GatewayError;
    expect(message).toContain(`The certificate postern-app ${why}`);
    expect(`${message}${JSON.stringify(data)}${String(cause)}`).not.toMatch(/canary|BEGIN|MII/);
  });
});

describe('a certificate that is renewed', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => vi.useRealTimers());
  const wait = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

  it('is used some minutes later, and read no more often', async () => {
    const { vault, read } = createVault(one.withKey);
    await read('postern-app');
    vault.value = other.withKey;
    wait(4);
    expect((await read('postern-app')).expiresAt).toEqual(new Date('2027-01-01'));
    expect(vault.reads).toBe(1);
    wait(2);
    expect((await read('postern-app')).expiresAt).toEqual(new Date('2028-01-01'));
    expect(vault.reads).toBe(2);
  });

  it('is waited for while the vault is down, but not once it is gone', async () => {
    const { vault, read } = createVault(one.withKey);
    await read('postern-app');
    wait(6);
    vault.value = new GatewayError('secrets-unavailable', 'The key vault did not give a secret.');
    expect((await read('postern-app')).expiresAt).toEqual(new Date('2027-01-01'));
    vault.value = undefined;
    await expect(read('postern-app')).rejects.toMatchObject({ code: 'app-credential-refused' });
  });
});
