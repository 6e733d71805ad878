import type { ConfidentialClientApplication, INetworkModule } from '@azure/msal-node';
import type { AppRegistration } from '../accounts/app-registration.ts';
import type { AppProofs } from './app-proofs.ts';

/** Makes an MSAL client for the app registration; one per account, since each has its own token cache. */
export type CreateMsalClient = (app: AppRegistration) => Promise<ConfidentialClientApplication>;

const timeout = 15_000;

/** The one place where MSAL is configured: authority, credential, network. */
export function createMsalClients(loginUrl: string, proofs: AppProofs): CreateMsalClient {
  return async (app) => {
    const [msal, { auth, over }] = await Promise.all([import('@azure/msal-node'), proofs.proofOf(app)]);
    return new msal.ConfidentialClientApplication({
      auth: {
        clientId: app.clientId,
        authority: `${loginUrl}/${app.tenant}`,
        // Without this MSAL asks login.microsoftonline.com about any other authority before it believes in it.
        knownAuthorities: [new URL(loginUrl).host],
        ...auth,
      },
      system: { networkClient: over(boundedNetwork) },
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
