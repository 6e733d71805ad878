import type { AppRegistration } from './app-registration.ts';

/** What is known about the app registration's credential, none of it secret. */
export interface CredentialFacts {
  /** ISO 8601; left out where it does not end, or nobody has said when. */
  readonly expiresAt?: string;
  /** Of a certificate: the SHA-256 of its DER form, hexadecimal, as the Entra admin centre shows it. */
  readonly thumbprint?: string;
  /** Of a managed identity: what the application's federated credential must say. */
  readonly federation?: { readonly issuer: string; readonly subject: string; readonly audience: string };
}

/**
 * Looks at the credential where it is kept.
 * @throws GatewayError `app-credential-refused` when it is not there or of no use, `secrets-unavailable`, `sign-in-unavailable`
 */
export type InspectCredential = (
  app: Pick<AppRegistration, 'credential' | 'clientSecrets' | 'cloud'>,
) => Promise<CredentialFacts>;
