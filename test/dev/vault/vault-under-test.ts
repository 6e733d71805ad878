import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { onTestFinished } from 'vitest';
import { createCertificateAuthority } from '../../../dev/certificates.ts';
import { startVault, type Vault, type VaultOptions } from '../../../dev/vault/vault.ts';

export const tenantId = randomUUID();
const authority = await createCertificateAuthority();
const tls = await authority.issue(['localhost']);
export const { certificate } = authority;

/** A folder that goes with the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-vault-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Gives out one token for ever. */
export const credentialOf = (token: string): TokenCredential => ({
  getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});

/** A vault that knows the token 'right', and the real client for it. Ended with the test. */
export async function startVaultUnderTest(
  options: Partial<VaultOptions> = {},
  credential = credentialOf('right'),
): Promise<Vault & { client: SecretClient }> {
  const vault = await startVault({ tls, tenantId, isToken: (token) => token === 'right', ...options });
  onTestFinished(() => vault.stop());
  const client = new SecretClient(vault.url, credential, {
    tlsOptions: { ca: certificate },
    disableChallengeResourceVerification: true,
    retryOptions: { maxRetries: 0 },
  });
  return { ...vault, client };
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
