import type { AppRegistration } from '../accounts/app-registration.ts';
import { credentialRemedy } from '../accounts/credential-remedy.ts';
import { aadstsOf, microsoftErrors, reasonOf } from '../accounts/microsoft-errors.ts';
import { GatewayError, toGatewayError, type ErrorCode } from '../shared/errors.ts';

// Nothing at all is what MSAL has for an answer it remembers to have been throttled.
const noAnswer = new Set(['', 'network_error', 'no_network_connectivity']);
const notNow = new Set(['temporarily_unavailable', 'server_error']);

/**
 * What MSAL throws, as ours. Its classes differ for the same answer, so its `errorCode` (OAuth's `error`, or MSAL's own)
 * and Microsoft's number decide. `doing` says what it was asked for: the same `invalid_grant` means a bad code while a
 * person signs in, and a grant that has died when a token is refreshed.
 */
export function toSignInError(thrown: unknown, doing: 'redeem' | 'refresh', app: AppRegistration): GatewayError {
  if (!(thrown instanceof Error) || !('errorCode' in thrown)) return toGatewayError(thrown);
  const errorCode = String(thrown.errorCode);
  const aadsts = aadstsOf('errorMessage' in thrown ? String(thrown.errorMessage) : '');
  const asks = aadsts === undefined ? undefined : microsoftErrors[aadsts]?.asks;
  const reason = reasonOf(aadsts);
  const upstream = {
    protocol: 'oauth' as const,
    ...(errorCode !== '' && { code: errorCode }),
    ...(aadsts !== undefined && { aadsts }),
  };
  const failure = (code: ErrorCode, detail: string, remedy: string, retryAfter?: number): GatewayError =>
    new GatewayError(code, detail, {
      cause: thrown,
      data: { upstream, remedy, ...(retryAfter !== undefined && { retryAfter }) },
    });

  if (asks === 'to wait' || notNow.has(errorCode)) {
    return failure('sign-in-unavailable', `Microsoft sign-in is not available${reason}.`, 'Try again later.', 30);
  }
  if (asks === 'another registration' || errorCode === 'unauthorized_client') {
    return failure(
      'app-credential-refused',
      `Microsoft does not accept the app registration${reason}.`,
      'Compare client ID and tenant (GET /v1/app) with the Entra admin centre, App registrations.',
    );
  }
  if (asks === 'another credential' || errorCode === 'invalid_client') {
    return failure(
      'app-credential-refused',
      `Microsoft refuses the app registration's own credential${reason}.`,
      credentialRemedy(app),
    );
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
  if (doing === 'refresh' && asks === 'an administrator') {
    return failure(
      'sign-in-blocked',
      `The organisation does not let this account in${reason}.`,
      'An administrator of the organisation can change that.',
    );
  }
  if (doing === 'refresh') {
    return failure(
      'reauth-required',
      `Microsoft no longer accepts the consent of this account${reason}.`,
      'Connect the account again: POST /v1/accounts/{id}/connect.',
    );
  }
  const detail =
    errorCode === 'nonce_mismatch'
      ? 'What Microsoft answered does not belong to this sign-in.'
      : `Microsoft did not accept the sign-in${reason}.`;
  return failure('sign-in-failed', detail, 'Start again with "Connect your Outlook account".');
}
