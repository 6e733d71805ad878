import type { Circumstances } from '../circumstances.ts';
import type { Directory } from '../directory.ts';
import type { Faults } from '../faults.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { AuthorizationCodes } from './authorization-codes.ts';
import { EntraRefusal } from './entra-error.ts';
import type { Grants } from './grants.ts';
import type { Claims, JwtSigner } from './jwt.ts';

/** An app registration. */
export interface Application {
  clientId: string;
  /** Shown on the consent page; left out: the client id. */
  name?: string;
  clientSecrets: string[];
  /** Secrets it had. */
  expiredSecrets?: string[];
  /** Its certificates, PEM. */
  certificates?: string[];
  federatedCredentials?: FederatedCredential[];
  redirectUris: string[];
  /** Permissions of its own that its registration lists: `IMAP.AccessAsApp`, `SMTP.SendAsApp`. Left out: none. */
  applicationPermissions?: string[];
  /** The app roles an administrator has given it, in every application. */
  roles?: string[];
}

/** Whose tokens stand in for a credential of the application. */
export interface FederatedCredential {
  issuer: string;
  subject: string;
  audience: string;
}

/** Somebody whose tokens are believed, such as a managed identity. */
export interface Issuer {
  issuer: string;
  /** The claims of a token it signed; undefined for any other. */
  verify(token: string): Claims | undefined;
}

/** Everything the sign-in knows: the tenant, who is in it, which applications it has, what was granted. */
export interface Tenant {
  id: string;
  /** `https://localhost:PORT` */
  origin: string;
  /** `http://localhost:PORT`: where browsers find the same pages. */
  pagesOrigin: string;
  applications: readonly Application[];
  issuers: readonly Issuer[];
  directory: Directory;
  grants: Grants;
  codes: AuthorizationCodes;
  accessTokens: AccessTokens;
  signer: JwtSigner;
  faults: Faults;
  circumstances: Circumstances;
}

/** @throws EntraRefusal 700016 when there is no such application */
export function applicationOf(tenant: Tenant, clientId: string | null): Application {
  const application = tenant.applications.find((candidate) => candidate.clientId === clientId);
  if (!application || tenant.circumstances.hold('application absent'))
    throw new EntraRefusal(700016, `The identifier is '${clientId ?? ''}'.`);
  if (tenant.circumstances.hold('application disabled')) throw new EntraRefusal(7000112);
  return application;
}

/** The redirect URI, which must be one of the application's, letter by letter (RFC 9700 section 2.1). */
export function redirectUriOf(application: Application, redirectUri: string | null): string {
  if (redirectUri === null || !application.redirectUris.includes(redirectUri)) {
    throw new EntraRefusal(
      50011,
      `The redirect URI is '${redirectUri ?? ''}', the application '${application.clientId}'.`,
    );
  }
  return redirectUri;
}
