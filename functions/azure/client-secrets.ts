import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { AppRegistration } from '../accounts/app-registration.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';

/** The client secret to begin with, and the network on which the others are tried. */
export interface SecretsInTurn {
  readonly clientSecret: string;
  readonly over: (network: INetworkModule) => INetworkModule;
}

/** Wrong, or expired. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const refusals = [7000215, 7000222];

/**
 * The client secrets of an app registration, read from the key vault once: every one has a name of its own, which never
 * gets another value.
 */
export function createClientSecrets(secrets: SecretStore): (app: AppRegistration) => Promise<SecretsInTurn> {
  const remembered = new Map<string, Promise<Secret | undefined>>();

  function valueOf(name: string): Promise<Secret | undefined> {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const asked = secrets.get(name).then((stored) => {
      if (stored === undefined) remembered.delete(name);
      return stored?.secret;
    });
    asked.catch(() => remembered.delete(name));
    remembered.set(name, asked);
    return asked;
  }

  return async ({ clientSecrets = [] }) => {
    if (clientSecrets.length === 0) {
      throw new GatewayError('app-not-configured', 'The app registration has no client secret.', {
        data: { remedy: 'Set one with PUT /v1/app.' },
      });
    }
    for (const name of remembered.keys())
      if (!clientSecrets.some((each) => each.name === name)) remembered.delete(name);
    const read = await Promise.all(clientSecrets.map(({ name }) => valueOf(name)));
    const usable = read.filter((secret) => secret !== undefined);
    const [newest] = usable;
    if (newest === undefined) {
      throw new GatewayError('app-credential-refused', 'The client secret is not in the key vault.', {
        data: { remedy: 'Set it again with PUT /v1/app.' },
      });
    }
    return { clientSecret: newest.reveal(), over: (network) => inTurn(network, usable) };
  };
}

/**
 * A network that sends a token request again with the next secret when Microsoft refuses the first: the newest may not be
 * known everywhere at Microsoft yet, or be mistyped. The one that was taken goes first from then on.
 */
function inTurn(network: INetworkModule, secrets: readonly Secret[]): INetworkModule {
  let first = 0;
  return {
    ...network,
    async sendPostRequestAsync<T>(url: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
      const send = (index: number): Promise<NetworkResponse<T>> => {
        const form = new URLSearchParams(options.body);
        form.set('client_secret', secrets[index]?.reveal() ?? '');
        return network.sendPostRequestAsync<T>(url, { ...options, body: form.toString() });
      };
      const answer = await send(first);
      for (let step = 1; step < secrets.length && isRefusal(answer); step++) {
        const index = (first + step) % secrets.length;
        const other = await send(index);
        if (isRefusal(other)) continue;
        first = index;
        return other;
      }
      return answer;
    },
  };
}

function isRefusal({ status, body }: NetworkResponse<unknown>): boolean {
  if (status < 400 || typeof body !== 'object' || body === null || !('error_codes' in body)) return false;
  return Array.isArray(body.error_codes) && body.error_codes.some((code) => refusals.includes(Number(code)));
}
