import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Account } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { approvalState } from './approval.ts';
import { consentIdOf, isOver, type Consent } from './consent.ts';
import { demandIdentity } from './demand-identity.ts';
import { keepGrant } from './keep-grant.ts';
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
 * Ends a sign-in: takes the consent (once, whatever comes after), redeems the code, checks who signed in, and keeps the
 * grant.
 * @throws GatewayError `consent-unknown`, `consent-declined`, `admin-consent-needed`, `wrong-account`, `sign-in-failed`,
 *   `sign-in-unavailable`, `app-credential-refused`
 */
export async function confirmConsent(call: Call, query: ConfirmQuery, ports: Ports): Promise<Account> {
  const consent = await takeConsent(call, query.state, ports.consents);
  const redirectUri = ports.publicUrl + confirmPath;
  if (query.error !== undefined) throw await declined(query.error, query.error_description ?? '', redirectUri, ports);
  const account = await ports.accounts.get(consent.accountId);
  if (query.code === undefined || account === undefined) throw unknownConsent();

  const grant = await ports.signIn.redeem(await requireApp(ports.app), {
    redirectUri,
    code: query.code,
    nonce: consent.nonce,
    codeVerifier: consent.codeVerifier,
  });
  demandIdentity(account.value, grant.identity);
  const connected = await keepGrant(call, consent.accountId, grant, ports);
  call.log.info('An account was connected.', { account: connected.id });
  return connected;
}

/** Where an administrator has to approve, the way to that is shown with it. */
async function declined(error: string, description: string, redirectUri: string, ports: Ports): Promise<GatewayError> {
  const refusal = toDeclinedError(error, description);
  if (refusal.code !== 'admin-consent-needed') return refusal;
  const request = { redirectUri, state: approvalState };
  return toDeclinedError(error, description, await ports.signIn.approvalUrl(await requireApp(ports.app), request));
}

async function takeConsent(call: Call, state: string | undefined, consents: Collection<Consent>): Promise<Consent> {
  if (state === undefined) throw unknownConsent();
  const id = consentIdOf(state);
  const stored = await consents.get(id);
  if (stored === undefined || !(await consents.remove(id, stored.etag))) throw unknownConsent();
  if (isOver(stored.value, call.now())) throw unknownConsent();
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
