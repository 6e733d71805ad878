import type { TokenCredential } from '@azure/identity';
import type { ClientAssertionCallback, INetworkModule } from '@azure/msal-node';
import type { AppRegistration } from '../accounts/app-registration.ts';
import { clouds } from '../accounts/clouds.ts';
import type { InspectCredential } from '../accounts/credential-facts.ts';
import { GatewayError } from '../shared/errors.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { createClientSecrets } from './client-secrets.ts';
import { createVaultCertificates } from './vault-certificate.ts';

/** How MSAL proves that it is the app registration. */
export interface AppProof {
  readonly auth: { readonly clientSecret: string } | { readonly clientAssertion: ClientAssertionCallback };
  /** The network to prove it over. */
  readonly over: (network: INetworkModule) => INetworkModule;
}

export interface AppProofs {
  /** @throws GatewayError `app-not-configured`, `app-credential-refused`, `secrets-unavailable` */
  proofOf(app: AppRegistration): Promise<AppProof>;
  readonly inspect: InspectCredential;
}

/** The credentials of the app registration: client secrets and certificates in the key vault, or the identity Postern runs as. */
export function createAppProofs(secrets: SecretStore, identity: () => Promise<TokenCredential>): AppProofs {
  const clientSecrets = createClientSecrets(secrets);
  const certificateOf = createVaultCertificates(secrets);
  const plain = (network: INetworkModule): INetworkModule => network;

  /** A token of the identity, meant for nothing but proving to Microsoft who asks. */
  async function identityToken({ cloud = 'global' }: Pick<AppRegistration, 'cloud'>): Promise<string> {
    try {
      const abortSignal = AbortSignal.timeout(15_000);
      const token = await (
        await identity()
      ).getToken(`${clouds[cloud].tokenExchangeAudience}/.default`, { abortSignal });
      if (token !== null) return token.token;
      throw new Error('There is no token.');
    } catch (cause) {
      throw new GatewayError('sign-in-unavailable', 'The managed identity did not give a token.', {
        cause,
        data: {
          remedy: 'Check that the app has the user-assigned identity that AzureWebJobsStorage__clientId names.',
          retryAfter: 30,
        },
      });
    }
  }

  /** A new one for every request: the certificate may have been renewed, and signing takes a millisecond. */
  function signedBy(name: string): ClientAssertionCallback {
    return async ({ clientId, tokenEndpoint = '' }) => {
      const { ClientAssertion, CryptoProvider } = await import('@azure/msal-node');
      const { thumbprint, privateKey, chain } = await certificateOf(name);
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const assertion = ClientAssertion.fromCertificateWithSha256Thumbprint(thumbprint, key, chain);
      return assertion.getJwt(new CryptoProvider(), clientId, tokenEndpoint);
    };
  }

  return {
    async proofOf(app) {
      const { credential } = app;
      switch (credential?.kind) {
        case 'managed-identity':
          return { auth: { clientAssertion: () => identityToken(app) }, over: plain };
        case 'certificate':
          return { auth: { clientAssertion: signedBy(credential.name) }, over: plain };
        default: {
          const { clientSecret, over } = await clientSecrets(app);
          return { auth: { clientSecret }, over };
        }
      }
    },

    async inspect({ credential, clientSecrets: [newest] = [], ...app }) {
      switch (credential?.kind) {
        case 'managed-identity':
          return { federation: federationOf(await identityToken(app), app) };
        case 'certificate': {
          const { thumbprint, expiresAt } = await certificateOf(credential.name);
          return { thumbprint, expiresAt: expiresAt.toISOString() };
        }
        default:
          return newest?.expiresAt === undefined ? {} : { expiresAt: newest.expiresAt };
      }
    },
  };
}

/**
 * What the federated credential must say to fit a token of the identity. Its audience is not the `aud` of the token, which
 * may be the number of the same resource.
 */
function federationOf(token: string, { cloud = 'global' }: Pick<AppRegistration, 'cloud'>) {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  return {
    issuer: String(claims['iss']),
    subject: String(claims['sub']),
    audience: clouds[cloud].tokenExchangeAudience,
  };
}
