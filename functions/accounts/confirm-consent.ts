import { normalise } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { randomKey } from '../shared/ids.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { signInAddress, type Account, type Identity } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { consentIdOf, type Consent } from './consent.ts';
import { toDeclinedError } from './to-declined-error.ts';
import type { SignIn } from './sign-in.ts';

/** What Microsoft's redirect carries. */
export interface ConfirmQuery {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly accounts: Collection<Account>;
  readonly consents: Collection<Consent>;
  readonly secrets: SecretStore;
  readonly signIn: SignIn;
  readonly publicUrl: string;
}

/**
 * Ends a sign-in: takes the consent (once, whatever comes after), redeems the code, checks who signed in, keeps the
 * tokens in the key vault and then the account as connected.
 * @throws GatewayError `consent-unknown`, `consent-declined`, `admin-consent-needed`, `wrong-account`, `sign-in-failed`,
 *   `sign-in-unavailable`, `app-credential-refused`
 */
export async function confirmConsent(call: Call, query: ConfirmQuery, ports: Ports): Promise<Account> {
  const consent = await takeConsent(call, query.state, ports.consents);
  if (query.error !== undefined) throw toDeclinedError(query.error, query.error_description ?? '');
  if (query.code === undefined) throw unknownConsent();
  const account = await ports.accounts.get(consent.accountId);
  if (account === undefined) throw unknownConsent();

  const { identity, tokens } = await ports.signIn.redeem(await requireApp(ports.app), {
    redirectUri: ports.publicUrl + confirmPath,
    code: query.code,
    nonce: consent.nonce,
    codeVerifier: consent.codeVerifier,
  });
  demandIdentity(account.value, identity);

  // A new name for every grant: a name that was ever deleted cannot be set again while the vault remembers it.
  const tokenSecret = `grant-${account.value.id.replace('_', '-')}-${randomKey()}`;
  await ports.secrets.set(tokenSecret, tokens);
  const connected = await saveConnected(call, account, identity, tokenSecret, ports.accounts);
  if (account.value.tokenSecret !== undefined) await ports.secrets.remove(account.value.tokenSecret);
  call.log.info('An account was connected.', { account: connected.id });
  return connected;
}

async function takeConsent(call: Call, state: string | undefined, consents: Collection<Consent>): Promise<Consent> {
  if (state === undefined) throw unknownConsent();
  const id = consentIdOf(state);
  const stored = await consents.get(id);
  if (stored === undefined || !(await consents.remove(id, stored.etag))) throw unknownConsent();
  if (stored.value.expiresAt <= call.now().toISOString()) throw unknownConsent();
  return stored.value;
}

function unknownConsent(): GatewayError {
  return new GatewayError(
    'consent-unknown',
    'This sign-in link is unknown, was used before, or is older than 15 minutes.',
    {
      data: { remedy: 'Start again with "Connect your Outlook account".' },
    },
  );
}

/** The person who signed in must be the one the account names, and stay the same person for ever after. */
function demandIdentity(account: Account, identity: Identity): void {
  const expected = signInAddress(account);
  const pinned = account.identity;
  const same =
    pinned === undefined
      ? normalise(identity.address) === normalise(expected)
      : pinned.objectId === identity.objectId && pinned.tenantId === identity.tenantId;
  if (same) return;
  throw new GatewayError('wrong-account', `The account to connect is ${expected}, but ${identity.address} signed in.`, {
    data: {
      remedy: `Start again and sign in as ${expected}; a private browser window helps when another account is signed in.`,
    },
  });
}

async function saveConnected(
  call: Call,
  account: Stored<Account>,
  identity: Identity,
  tokenSecret: string,
  accounts: Collection<Account>,
): Promise<Account> {
  const { cause, ...rest } = account.value;
  const connected: Account = {
    ...rest,
    state: 'connected',
    identity,
    tokenSecret,
    connectedAt: call.now().toISOString(),
  };
  await accounts.replace(connected.id, connected, account.etag);
  return connected;
}
