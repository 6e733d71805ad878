import { GatewayError } from '../shared/errors.ts';
import type { Collection } from '../shared/collection.ts';
import { clouds, type CloudName } from './clouds.ts';

export const credentialKinds = ['client-secret', 'certificate', 'managed-identity'] as const;

/** What the app registration proves itself with; of a certificate, its name in the key vault. */
export type AppCredential =
  | { readonly kind: 'client-secret' }
  | { readonly kind: 'certificate'; readonly name: string }
  | { readonly kind: 'managed-identity' };

/** A client secret as it is known outside the key vault. Times are ISO 8601. */
export interface ClientSecret {
  /** Its name in the key vault. */
  readonly name: string;
  readonly setAt: string;
  /** When it ends, if whoever set it has said so. */
  readonly expiresAt?: string;
}

/** The Entra application whose client id Postern uses. There is one. */
export interface AppRegistration {
  readonly clientId: string;
  /** `common`, `organizations`, `consumers` or a tenant's id. */
  readonly tenant: string;
  /** The newest first: two at most, so that one can be exchanged for the other. */
  readonly clientSecrets?: readonly ClientSecret[];
  /** Said by the deployment; left out: global. */
  readonly cloud?: CloudName;
  /** Said by the deployment; left out: a client secret. */
  readonly credential?: AppCredential;
}

/** The id of the only row. */
export const appRegistrationId = 'app';

/** Where Microsoft sends browsers back to; registered with the application as a Web redirect URI. */
export const confirmPath = '/microsoft_outlook/confirm';

/**
 * What Postern asks a mailbox for: one resource, hence one consent and one token for both directions. Unprefixed or
 * Graph scopes would give a token that the mail servers refuse.
 */
export function mailScopes({ cloud = 'global' }: { readonly cloud?: CloudName }): string[] {
  return ['SMTP.Send', 'IMAP.AccessAsUser.All'].map((permission) => `${clouds[cloud].mailResource}/${permission}`);
}

/**
 * What the application asks for when it acts for itself: all it was granted. Microsoft documents this name of the same
 * resource for it: https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 */
export function applicationScope({ cloud = 'global' }: { readonly cloud?: CloudName }): string {
  return `${cloud === 'global' ? 'https://outlook.office365.com' : clouds[cloud].mailResource}/.default`;
}

/** Whether it is for the people and applications of one organisation, by which others can be told from ours. */
export function isOneTenant({ tenant }: AppRegistration): boolean {
  return !['common', 'organizations', 'consumers'].includes(tenant);
}

/** @throws GatewayError `app-not-configured` */
export async function requireApp(app: Collection<AppRegistration>): Promise<AppRegistration> {
  const stored = await app.get(appRegistrationId);
  if (stored === undefined) {
    throw new GatewayError('app-not-configured', 'No app registration is set, so nobody can sign in.', {
      data: { remedy: 'Set it with PUT /v1/app {"clientId", "tenant", "clientSecret"}.' },
    });
  }
  return stored.value;
}
