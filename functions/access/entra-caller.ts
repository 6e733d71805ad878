import { appRegistrationId, isOneTenant, type AppRegistration } from '../accounts/app-registration.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Caller } from './caller.ts';
import { scopesOfRoles } from './roles.ts';

/** An application that Entra vouches for to ours. */
export interface EntraApplication {
  /** The object id of its service principal. */
  readonly objectId: string;
  /** The app roles it was given in ours. */
  readonly roles: readonly string[];
}

/** Judges access tokens of Entra. */
export interface EntraTokens {
  /**
   * The application a token was issued to, by the tenant of our app registration and for it; undefined for any other token.
   * @throws GatewayError `sign-in-unavailable` when Entra's keys cannot be had
   */
  applicationOf(token: string, app: AppRegistration): Promise<EntraApplication | undefined>;
}

export interface EntraPorts {
  readonly app: Pick<Collection<AppRegistration>, 'get'>;
  readonly entraTokens: EntraTokens;
}

/**
 * The caller behind an access token of Entra; undefined when it is none for us.
 * @throws GatewayError `role-missing` when the application has no role here, `sign-in-unavailable`
 */
export async function callerOfToken(token: string, { app, entraTokens }: EntraPorts): Promise<Caller | undefined> {
  const registration = (await app.get(appRegistrationId))?.value;
  if (registration === undefined || !isOneTenant(registration)) return undefined;
  const application = await entraTokens.applicationOf(token, registration);
  if (application === undefined) return undefined;
  const scopes = scopesOfRoles(application.roles);
  if (scopes.length > 0) return { kind: 'application', id: application.objectId, scopes };
  throw new GatewayError('role-missing', `The application ${application.objectId} has no role in Postern.`, {
    data: { remedy: 'Give its service principal an app role of Postern: messages.send, messages.read, ...' },
  });
}
