import type { AppRegistration } from '../accounts/app-registration.ts';
import { credentialRemedy } from '../accounts/credential-remedy.ts';
import { connectPath } from '../accounts/account.ts';
import { aadstsOf, microsoftErrors, reasonOf, tracesOf, type MicrosoftError } from '../accounts/microsoft-errors.ts';
import { startAgain, toSignInRefusal } from '../accounts/to-sign-in-refusal.ts';
import { GatewayError, toGatewayError, type ErrorCode, type Upstream } from '../shared/errors.ts';

// Nothing at all is what MSAL has for an answer it remembers to have been throttled.
const noAnswer = new Set(['', 'network_error', 'no_network_connectivity']);
const notNow = new Set(['temporarily_unavailable', 'server_error']);
/** What no mailbox's owner can mend, so that it says nothing about his grant. */
const faultsOfTheApp = new Set<MicrosoftError['asks']>(['another registration', 'another credential', 'to wait']);
/** What says that a grant has died, where no number says more: OAuth's errors, and MSAL's for a cache without tokens. */
const deadGrant = new Set([
  ...['invalid_grant', 'interaction_required', 'consent_required', 'login_required', 'bad_token'],
  ...['no_tokens_found', 'refresh_token_expired', 'no_account_found'],
]);
/** The application had its permissions when the account was connected: they were taken out of it. */
const goneFromTenant = new Set(['65005', '650056', '650057']);

/**
 * What MSAL throws, as ours. Its classes differ for the same answer, so its `errorCode` (OAuth's `error`, or MSAL's own)
 * and Microsoft's number decide. `doing` says what it was asked for: the same `invalid_grant` means a bad code while a
 * person signs in, and a grant that has died when a token is refreshed. `account` is connected again at its path.
 */
export function toSignInError(
  thrown: unknown,
  doing: 'redeem' | 'refresh' | 'application',
  app: AppRegistration,
  account = '{id}',
): GatewayError {
  if (!(thrown instanceof Error) || !('errorCode' in thrown)) return toGatewayError(thrown);
  const errorCode = String(thrown.errorCode);
  const description = 'errorMessage' in thrown ? String(thrown.errorMessage) : '';
  const aadsts = aadstsOf(description);
  const upstream: Upstream = {
    protocol: 'oauth',
    ...(errorCode !== '' && { code: errorCode }),
    ...(aadsts !== undefined && { aadsts }),
    ...tracesOf(description),
  };
  const failure = (code: ErrorCode, detail: string, remedy: string, retryAfter?: number): GatewayError =>
    new GatewayError(code, detail, {
      cause: thrown,
      data: { upstream, remedy, ...(retryAfter !== undefined && { retryAfter }) },
    });

  const asks = asksOf(errorCode, aadsts);
  const reason = reasonOf(aadsts);
  const again = `POST ${connectPath(account)}`;
  const isGone = goneFromTenant.has(aadsts ?? '');
  if (doing !== 'redeem' && (asks === 'an administrator' || asks === 'an approval' || isGone)) {
    const remedy = isGone
      ? 'An administrator of the organisation has to give the application its permissions back (Entra admin centre, App registrations, API permissions).'
      : (microsoftErrors[aadsts ?? '']?.remedy ?? 'An administrator of the organisation has to approve Postern.');
    return failure(
      'sign-in-blocked',
      `The organisation does not let the account sign in${reason}.`,
      `${remedy} It is tried again every hour; ${again} does not wait for that.`,
    );
  }
  if (asks !== undefined && (doing === 'redeem' || faultsOfTheApp.has(asks))) {
    const remedy = asks === 'another credential' ? credentialRemedy(app) : undefined;
    return toSignInRefusal(asks, aadsts, { upstream, cause: thrown, remedy });
  }
  if (errorCode === 'endpoints_resolution_error') {
    return failure(
      'sign-in-unavailable',
      'Microsoft sign-in was not found: it does not answer, or there is no such tenant.',
      'Check the tenant (GET /v1/app), and that Postern can reach the Microsoft sign-in.',
      30,
    );
  }
  if (noAnswer.has(errorCode)) {
    return failure(
      'sign-in-unavailable',
      'Microsoft sign-in did not answer as it should.',
      'Try again; if it stays so, check that Postern can reach the Microsoft sign-in.',
      30,
    );
  }
  if (doing === 'refresh' && (asks === 'sign in again' || deadGrant.has(errorCode))) {
    return failure(
      'reauth-required',
      `Microsoft no longer accepts the consent of this account${reason}.`,
      `Connect the account again: ${again}.`,
    );
  }
  if (doing !== 'redeem') {
    return failure(
      'sign-in-failed',
      `Microsoft gives no token: ${errorCode.slice(0, 100)}${reason}.`,
      'Search for the AADSTS number; the log has Microsoft’s own words.',
    );
  }
  const detail =
    errorCode === 'nonce_mismatch'
      ? 'What Microsoft answered does not belong to this sign-in.'
      : `Microsoft did not accept the sign-in${reason}.`;
  return failure('sign-in-failed', detail, startAgain);
}

/** What is asked for: by the number, where it is known, else by OAuth's error. */
function asksOf(errorCode: string, aadsts: string | undefined): MicrosoftError['asks'] | undefined {
  const asks = aadsts === undefined ? undefined : microsoftErrors[aadsts]?.asks;
  if (asks !== undefined) return asks;
  if (notNow.has(errorCode)) return 'to wait';
  if (errorCode === 'unauthorized_client') return 'another registration';
  return errorCode === 'invalid_client' ? 'another credential' : undefined;
}
