import type { ConfidentialClientApplication } from '@azure/msal-node';
import { isDeepStrictEqual } from 'node:util';
import { connectPath, type Account } from '../accounts/account.ts';
import { mailScopes, requireApp, type AppRegistration } from '../accounts/app-registration.ts';
import { keepTokens } from '../accounts/keep-tokens.ts';
import { endsGrant } from '../accounts/mark-reauth-required.ts';
import type { ApplicationTokens, MailboxTokens } from '../accounts/sign-in.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { CreateMsalClient } from './msal-client.ts';
import { createTokenMemory, type AccessToken } from './token-memory.ts';
import { toSignInError } from './to-sign-in-error.ts';

/** The token cache of one account, in memory: newer than what the vault has, or as new. */
interface Held {
  readonly client: ConfidentialClientApplication;
  /** The registration the client was made for. */
  readonly madeFor: AppRegistration;
  /** When the vault was written, as this instance knows it. */
  readonly vaultSetAt: Date;
  /** Before this there is nothing to keep. */
  readonly keepAt: Date;
}

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly accounts: Collection<Account>;
  readonly secrets: SecretStore;
  readonly applicationTokens: ApplicationTokens;
}

/**
 * Access tokens for mailboxes by MSAL, with one token cache per account: in memory, and behind that in the key vault.
 * Instances refresh each for itself, from refresh tokens that all stay good; the vault gets the newest once a day.
 */
export function createMsalMailboxTokens(createClient: CreateMsalClient, ports: Ports): MailboxTokens {
  const { app, secrets, applicationTokens } = ports;
  const remember = createTokenMemory();
  const held = new Map<string, Held>();

  async function refresh(account: Account, name: string, force: boolean): Promise<AccessToken> {
    const registration = await requireApp(app);
    const remembered = held.get(name);
    // A new secret of the registration counts from the next refresh on.
    const holding = isDeepStrictEqual(remembered?.madeFor, registration) ? remembered : undefined;
    try {
      return await acquire(account, name, holding ?? (await load(account, name, registration)), force);
    } catch (thrown) {
      held.delete(name);
      const error = toSignInError(thrown, 'refresh', registration, account.id);
      if (holding === undefined || !endsGrant(error)) throw error;
      const newest = await load(account, name, registration);
      if (newest.vaultSetAt <= holding.vaultSetAt) throw error;
      return acquire(account, name, newest, force).catch((again: unknown) => {
        held.delete(name);
        throw toSignInError(again, 'refresh', registration, account.id);
      });
    }
  }

  async function load(account: Account, name: string, madeFor: AppRegistration): Promise<Held> {
    const [client, stored] = await Promise.all([createClient(madeFor), secrets.get(name)]);
    if (stored === undefined) throw lost(account);
    client.getTokenCache().deserialize(stored.secret.reveal());
    return { client, madeFor, vaultSetAt: stored.setAt, keepAt: stored.setAt };
  }

  async function acquire(account: Account, name: string, holding: Held, forceRefresh: boolean): Promise<AccessToken> {
    const [known] = await holding.client.getTokenCache().getAllAccounts();
    if (known === undefined) throw lost(account);
    const scopes = mailScopes(holding.madeFor);
    const result = await holding.client.acquireTokenSilent({ account: known, scopes, forceRefresh });
    held.set(name, result.fromCache ? holding : await keep(account, holding));
    return { secret: new Secret(result.accessToken), expiresAt: result.expiresOn?.getTime() ?? 0 };
  }

  /** What is held after the refresh token of a refresh was kept, where that was due. */
  async function keep(account: Account, holding: Held): Promise<Held> {
    const now = new Date();
    if (now < holding.keepAt) return holding;
    const tokens = (): Secret => new Secret(holding.client.getTokenCache().serialize());
    try {
      const { keptAt, next } = await keepTokens(account, tokens, now, ports);
      return { ...holding, keepAt: next, vaultSetAt: keptAt ?? holding.vaultSetAt };
    } catch {
      // The token is good all the same, and so is what the vault has.
      return holding;
    }
  }

  return {
    async accessToken(account, refused) {
      demandConnected(account);
      const isUsable = (remembered: Secret): boolean => remembered !== refused;
      const { access, tenantId = '', tokenSecret: name } = account;
      if (access === 'application') return applicationTokens.token(tenantId, isUsable);
      if (name === undefined) throw lost(account);
      return remember(name, isUsable, () => refresh(account, name, refused !== undefined));
    },
  };
}

function demandConnected({ id, address, state, cause }: Account): void {
  if (state === 'connected') return;
  const { code, remedy = `Connect it: POST ${connectPath(id)}.` } = cause ?? { code: 'account-not-connected' };
  throw new GatewayError(code, cause?.detail ?? `${address} is not connected.`, { data: { remedy } });
}

function lost({ id, address }: Account): GatewayError {
  return new GatewayError('reauth-required', `The tokens of ${address} are not in the key vault.`, {
    data: { remedy: `Connect it again: POST ${connectPath(id)}.` },
  });
}
