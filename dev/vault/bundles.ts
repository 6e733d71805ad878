// How Key Vault writes a secret. https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret#secretbundle
import { latestOf, type KeptSecret, type SecretVersion } from './secrets.ts';

const recoverableDays = 90;

/** A version of a secret without its value, `id` with the version or, in a list of secrets, without. */
export function toItem(vault: string, { name }: KeptSecret, version: SecretVersion, id: 'versioned' | 'bare') {
  const { contentType, tags, enabled, nbf, exp, created, updated } = version;
  return {
    id: `${vault}/secrets/${name}${id === 'versioned' ? `/${version.version}` : ''}`,
    attributes: { enabled, nbf, exp, created, updated, recoveryLevel: 'Recoverable+Purgeable', recoverableDays },
    contentType,
    tags,
  };
}

/** A version of a secret with its value: the only answers that hold one. */
export function toBundle(vault: string, secret: KeptSecret, version: SecretVersion) {
  return { value: version.value, ...toItem(vault, secret, version, 'versioned') };
}

export function toDeletedItem(vault: string, secret: KeptSecret, id: 'versioned' | 'bare') {
  const { name, deletedAt = 0 } = secret;
  return {
    recoveryId: `${vault}/deletedsecrets/${name}`,
    deletedDate: deletedAt,
    scheduledPurgeDate: deletedAt + recoverableDays * 86_400,
    ...toItem(vault, secret, latestOf(secret), id),
  };
}
