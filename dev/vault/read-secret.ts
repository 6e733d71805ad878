import { SecretClient } from '@azure/keyvault-secrets';

/** Reads a secret of a laptop's vault, as the identity that may. @throws RestError 404 when there is none */
export async function readSecret(
  vaultUrl: string,
  name: string,
  identity: { endpoint: string; header: string },
): Promise<string> {
  const getToken = async () => {
    const url = `${identity.endpoint}?api-version=2019-08-01&resource=https://vault.azure.net`;
    const response = await fetch(url, { headers: { 'x-identity-header': identity.header } });
    const { access_token, expires_on } = (await response.json()) as { access_token: string; expires_on: string };
    return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
  };
  const client = new SecretClient(vaultUrl, { getToken }, { disableChallengeResourceVerification: true });
  return (await client.getSecret(name)).value ?? '';
}
