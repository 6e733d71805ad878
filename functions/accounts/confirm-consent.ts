import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Account } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { awaitApproval, type AwaitedApproval } from './approval.ts';
import type { Consent } from './consent.ts';
import { demandIdentity } from './demand-identity.ts';
import { keepGrant } from './keep-grant.ts';
import { takeOneTime } from './one-time.ts';
import type { SignIn } from './sign-in.ts';
import { toDeclinedError } from './to-declined-error.ts';
import { startAgain } from './to-sign-in-refusal.ts';

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
  readonly approvals: Collection<AwaitedApproval>;
  readonly secrets: SecretStore;
  readonly signIn: SignIn;
  readonly publicUrl: string;
}

/** What a sign-in came to, and where in the console it was started. */
export interface Confirmed {
  readonly account: Account;
  readonly returnTo?: string;
}

/**
 * Ends a sign-in: takes the consent (once, whatever comes after), redeems the code, checks who signed in, and keeps the
 * grant. Where an administrator has to approve first, the way to that is told.
 * @throws GatewayError `consent-unknown`, `consent-declined`, `admin-consent-needed`, `wrong-account`, `sign-in-blocked`,
 *   `sign-in-failed`, `sign-in-unavailable`, `app-credential-refused`
 */
export async function confirmConsent(call: Call, query: ConfirmQuery, ports: Ports): Promise<Confirmed> {
  const consent = await takeOneTime(ports.consents, query.state ?? '', call.now());
  if (consent === undefined) throw unknownConsent();
  try {
    const { returnTo } = consent;
    return { account: await connect(call, consent, query, ports), ...(returnTo !== undefined && { returnTo }) };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    throw error.code === 'admin-consent-needed' ? await withTheWay(call, error, consent.accountId, ports) : error;
  }
}

async function connect(call: Call, consent: Consent, query: ConfirmQuery, ports: Ports): Promise<Account> {
  const account = await ports.accounts.get(consent.accountId);
  if (account === undefined) throw unknownConsent();
  if (query.error !== undefined) throw toDeclinedError(query.error, query.error_description ?? '');
  if (query.code === undefined) throw unknownConsent();

  const grant = await ports.signIn.redeem(await requireApp(ports.app), {
    redirectUri: ports.publicUrl + confirmPath,
    code: query.code,
    nonce: consent.nonce,
    codeVerifier: consent.codeVerifier,
  });
  demandIdentity(account.value, grant.identity);
  const connected = await keepGrant(call, consent.accountId, grant, ports);
  call.log.info('An account was connected.', { account: connected.id });
  return connected;
}

/** The refusal with the link an administrator has to open; as it was where there is none. */
async function withTheWay(call: Call, error: GatewayError, accountId: string, ports: Ports): Promise<GatewayError> {
  const url = await awaitApproval(call, accountId, ports);
  if (url === undefined) return error;
  const remedy = `Send this link to an administrator of your organisation, who opens it and accepts: ${url}\nAfter that, connect again.`;
  return new GatewayError(error.code, error.message, { cause: error.cause, data: { ...error.data, remedy } });
}

function unknownConsent(): GatewayError {
  return new GatewayError(
    'consent-unknown',
    'This sign-in is unknown, was finished before, or was started more than 15 minutes ago.',
    {
      data: { remedy: startAgain },
    },
  );
}
