import type { Secret } from '../shared/secret.ts';
import type { Account, Identity } from './account.ts';
import type { AppRegistration } from './app-registration.ts';

/** What a redeemed code gives: who signed in, and the tokens to keep, as one opaque secret. */
export interface Grant {
  readonly identity: Identity;
  readonly tokens: Secret;
}

export interface AuthorizeRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
}

export interface RedeemRequest {
  readonly redirectUri: string;
  readonly code: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** The conversation with Microsoft's sign-in about a person who is there. Throws GatewayError `sign-in-...`, `app-...`. */
export interface SignIn {
  /** Where an administrator approves the application for the organisation; undefined where there is none. Never throws. */
  approvalUrl(app: AppRegistration, request: { redirectUri: string; state: string }): Promise<string | undefined>;
  authorizeUrl(app: AppRegistration, request: AuthorizeRequest): Promise<string>;
  redeem(app: AppRegistration, request: RedeemRequest): Promise<Grant>;
}

/** Access tokens for the mail servers, from the grant an account has. */
export interface MailboxTokens {
  /**
   * An access token good for at least five minutes. `refused` is the token a mail server has just refused: another one
   * is then fetched.
   * @throws GatewayError `account-not-connected`, `reauth-required`, `sign-in-blocked`, `app-credential-refused`,
   *   `sign-in-unavailable`
   */
  accessToken(account: Account, refused?: Secret): Promise<Secret>;
}

/** Access tokens of the application itself, without a person (client credentials). */
export interface ApplicationTokens {
  /**
   * A token in a tenant, good for at least five minutes; `isUsable` refuses one that is remembered.
   * @throws GatewayError `app-not-configured`, `app-credential-refused`, `sign-in-blocked`, `sign-in-unavailable`
   */
  token(tenantId: string, isUsable?: (remembered: Secret) => boolean): Promise<Secret>;
}
