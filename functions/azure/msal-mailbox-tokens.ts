import type { ConfidentialClientApplication } from '@azure/msal-node';
import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../accounts/account.ts';
import { mailScopes, requireApp, type AppRegistration } from '../accounts/app-registration.ts';
import type { MailboxTokens } from '../accounts/sign-in.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { CreateMsalClient } from './msal-client.ts';
import { toSignInError } from './to-sign-in-error.ts';

const margin = 5 * 60_000;
// A vault keeps every version for ever, and Microsoft does not withdraw a refresh token when it gives the next one: what
// is kept may lag a day behind.
const keepEvery = 24 * 60 * 60_000;

interface Held {
  readonly client: ConfidentialClientApplication;
  /** The registration the client was made for. */
  readonly madeFor: AppRegistration;
  /** When what the vault has was written. */
  keptAt: number;
  token?: { readonly secret: Secret; readonly expiresAt: number };
}

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly secrets: SecretStore;
}

/**
 * Access tokens by MSAL, held in memory while they are good: while an account is warm nothing else is asked. One refresh
 * at a time per account.
 */
export function createMsalMailboxTokens(createClient: CreateMsalClient, { app, secrets }: Ports): MailboxTokens {
  const held = new Map<string, Held>();
  const underway = new Map<string, Promise<Secret>>();

  async function accessToken(account: Account, refused?: Secret): Promise<Secret> {
    const name = grantOf(account);
    const token = held.get(name)?.token;
    if (token !== undefined && token.secret !== refused && token.expiresAt - margin > Date.now()) return token.secret;
    const running = underway.get(name);
    if (running !== undefined) return running;
    const started = refresh(account, name, refused !== undefined).finally(() => underway.delete(name));
    underway.set(name, started);
    return started;
  }

  async function refresh(account: Account, name: string, force: boolean): Promise<Secret> {
    const registration = await requireApp(app);
    try {
      const holding = await load(account, name, registration);
      const [known] = await holding.client.getTokenCache().getAllAccounts();
      if (known === undefined) throw lost(account);
      const result = await holding.client.acquireTokenSilent({
        account: known,
        scopes: mailScopes(holding.madeFor),
        forceRefresh: force,
      });
      const secret = new Secret(result.accessToken);
      held.set(name, { ...holding, token: { secret, expiresAt: result.expiresOn?.getTime() ?? 0 } });
      await keep(name);
      return secret;
    } catch (thrown) {
      held.delete(name);
      throw toSignInError(thrown, 'refresh', registration);
    }
  }

  /** The client that is held, unless the registration has changed: a new secret counts from the next refresh on. */
  async function load(account: Account, name: string, registration: AppRegistration): Promise<Held> {
    const holding = held.get(name);
    if (holding !== undefined && isDeepStrictEqual(holding.madeFor, registration)) return holding;
    const [client, stored] = await Promise.all([createClient(registration), secrets.get(name)]);
    if (stored === undefined) throw lost(account);
    client.getTokenCache().deserialize(stored.secret.reveal());
    return { client, madeFor: registration, keptAt: stored.setAt.getTime() };
  }

  async function keep(name: string): Promise<void> {
    const holding = held.get(name);
    if (holding === undefined || Date.now() - holding.keptAt < keepEvery) return;
    try {
      await secrets.set(name, new Secret(holding.client.getTokenCache().serialize()));
    } catch {
      // The token is good all the same, and so is what the vault has; the next refresh tries to keep it again.
      return;
    }
    held.set(name, { ...holding, keptAt: Date.now() });
  }

  return { accessToken };
}

/** The name of the secret with the account's tokens. */
function grantOf(account: Account): string {
  if (account.state === 'connected' && account.tokenSecret !== undefined) return account.tokenSecret;
  const code = account.state === 'reauth-required' ? 'reauth-required' : 'account-not-connected';
  throw new GatewayError(code, `${account.address} is not connected.`, {
    data: { remedy: `Connect it: POST /v1/accounts/${account.id}/connect.` },
  });
}

function lost(account: Account): GatewayError {
  return new GatewayError('reauth-required', `The tokens of ${account.address} are not in the key vault.`, {
    data: { remedy: `Connect it again: POST /v1/accounts/${account.id}/connect.` },
  });
}
