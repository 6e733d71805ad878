import type { ConfidentialClientApplication, INetworkModule } from '@azure/msal-node';
import type { AppRegistration } from '../accounts/app-registration.ts';
import { GatewayError } from '../shared/errors.ts';
import type { SecretStore } from '../shared/secret-store.ts';

/** Makes an MSAL client for the app registration; one per account, since each has its own token cache. */
export type CreateMsalClient = (app: AppRegistration) => Promise<ConfidentialClientApplication>;

const timeout = 15_000;
// A new client secret is in use this long after it was set, on every instance.
const rememberFor = 5 * 60_000;

/** The one place where MSAL is configured: authority, credential, network. */
export function createMsalClients(loginUrl: string, secrets: SecretStore): CreateMsalClient {
  const remembered = new Map<string, { secret: Promise<string>; at: number }>();

  async function readClientSecret(name: string): Promise<string> {
    const stored = await secrets.get(name);
    if (stored !== undefined) return stored.secret.reveal();
    throw new GatewayError('app-credential-refused', 'The client secret is not in the key vault.', {
      data: { remedy: 'Set it again with PUT /v1/app.' },
    });
  }

  function clientSecret(name: string): Promise<string> {
    const known = remembered.get(name);
    if (known !== undefined && Date.now() - known.at < rememberFor) return known.secret;
    const secret = readClientSecret(name);
    remembered.set(name, { secret, at: Date.now() });
    secret.catch(() => remembered.delete(name));
    return secret;
  }

  return async (app) => {
    if (app.clientSecretName === undefined) {
      throw new GatewayError('app-not-configured', 'The app registration has no client secret.', {
        data: { remedy: 'Set one with PUT /v1/app.' },
      });
    }
    const [msal, secret] = await Promise.all([import('@azure/msal-node'), clientSecret(app.clientSecretName)]);
    return new msal.ConfidentialClientApplication({
      auth: {
        clientId: app.clientId,
        authority: `${loginUrl}/${app.tenant}`,
        // Without this MSAL asks login.microsoftonline.com about any other authority before it believes in it.
        knownAuthorities: [new URL(loginUrl).host],
        clientSecret: secret,
      },
      system: { networkClient: boundedNetwork },
    });
  };
}

/** MSAL's requests with a time limit; its own have none. */
const boundedNetwork: INetworkModule = {
  sendGetRequestAsync: (url, options) => request(url, { headers: options?.headers ?? {} }),
  sendPostRequestAsync: (url, options) =>
    request(url, { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' }),
};

async function request(
  url: string,
  init: RequestInit,
): Promise<{ headers: Record<string, string>; body: never; status: number }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout), redirect: 'error' });
  return {
    headers: Object.fromEntries(response.headers),
    // MSAL says what it expects, and looks at what it gets.
    body: (await response.json()) as never,
    status: response.status,
  };
}
