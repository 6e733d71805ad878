import { SecretClient } from '@azure/keyvault-secrets';

/** A stack's key vault, opened as the app itself opens it. */
export function openVault(settings: Readonly<Record<string, string>>): SecretClient {
  const getToken = async () => {
    const url = `${settings['IDENTITY_ENDPOINT'] ?? ''}?api-version=2019-08-01&resource=https://vault.azure.net`;
    const response = await fetch(url, { headers: { 'x-identity-header': settings['IDENTITY_HEADER'] ?? '' } });
    const { access_token, expires_on } = (await response.json()) as { access_token: string; expires_on: string };
    return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
  };
  const options = { disableChallengeResourceVerification: true };
  return new SecretClient(settings['KEY_VAULT_URL'] ?? '', { getToken }, options);
}

/** Every secret in a stack's key vault, name to value. */
export async function readAllSecrets(settings: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const client = openVault(settings);
  const read: Record<string, string> = {};
  for await (const { name } of client.listPropertiesOfSecrets())
    read[name] = (await client.getSecret(name)).value ?? '';
  return read;
}
