import type { TokenCredential } from '@azure/identity';
import type { SecretClient } from '@azure/keyvault-secrets';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { statusOf } from './to-storage-error.ts';

/** Secrets in an Azure key vault. Throws GatewayError `secrets-unavailable`. */
export function createKeyVaultSecretStore(vaultUrl: string, credential: () => Promise<TokenCredential>): SecretStore {
  let opened: Promise<SecretClient> | undefined;

  async function open(): Promise<SecretClient> {
    const [{ SecretClient }, identity] = await Promise.all([import('@azure/keyvault-secrets'), credential()]);
    return new SecretClient(vaultUrl, identity, {
      // A vault on this machine cannot be a subdomain of the resource it names in its challenge.
      disableChallengeResourceVerification: new URL(vaultUrl).hostname === 'localhost',
      retryOptions: { maxRetries: 3, maxRetryDelayInMs: 5_000 },
    });
  }

  async function ask<T>(what: string, run: (client: SecretClient, abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    opened ??= open();
    try {
      return await run(await opened, AbortSignal.timeout(15_000));
    } catch (cause) {
      if (statusOf(cause) === 404 || statusOf(cause) === 409) throw cause;
      throw new GatewayError('secrets-unavailable', `The key vault did not ${what}.`, {
        cause,
        data: {
          remedy:
            'Check that KEY_VAULT_URL names the vault and that the identity has the role "Key Vault Secrets Officer" on it.',
        },
      });
    }
  }

  return {
    async get(name) {
      try {
        const { value, properties } = await ask('give a secret', (client, abortSignal) =>
          client.getSecret(name, { abortSignal }),
        );
        if (value === undefined) return undefined;
        return { secret: new Secret(value), setAt: properties.createdOn ?? new Date(0) };
      } catch (thrown) {
        if (statusOf(thrown) === 404) return undefined;
        throw thrown;
      }
    },

    async set(name, secret) {
      const keep = (): Promise<unknown> =>
        ask('keep a secret', (client, abortSignal) => client.setSecret(name, secret.reveal(), { abortSignal }));
      try {
        await keep();
      } catch (thrown) {
        if (statusOf(thrown) !== 409) throw thrown;
        // Somebody deleted it by hand: its name is taken until it is recovered or the vault has forgotten it.
        await ask('recover a secret', async (client, abortSignal) => {
          const recovery = await client.beginRecoverDeletedSecret(name, { abortSignal });
          await recovery.pollUntilDone();
        });
        await keep();
      }
    },

    async remove(name) {
      try {
        await ask('remove a secret', (client, abortSignal) => client.beginDeleteSecret(name, { abortSignal }));
      } catch (thrown) {
        if (statusOf(thrown) !== 404) throw thrown;
      }
    },
  };
}
