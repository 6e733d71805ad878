import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { appRegistrationId, isOneTenant, requireApp, type AppRegistration } from '../accounts/app-registration.ts';
import type { ConfirmQuery } from '../accounts/confirm-consent.ts';
import { newWord } from '../accounts/one-time.ts';
import type { Person, PersonSignIn } from '../accounts/person-sign-in.ts';
import { toDeclinedError } from '../accounts/to-declined-error.ts';
import { startAgain } from '../accounts/to-sign-in-refusal.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import { adminRole } from './roles.ts';

/** Where Microsoft sends browsers back to that sign in to the console; registered as a Web redirect URI. */
export const signedInPath = '/console/signed-in';

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly personSignIn: PersonSignIn;
  readonly publicUrl: string;
}

interface SignedInPerson {
  readonly person: Pick<Person, 'objectId' | 'address'>;
  readonly clientId: string;
}

/** Whether people can sign in to the console with Microsoft: the application must be of one organisation, which is ours. */
export async function canSignIn({ app }: Pick<Ports, 'app'>): Promise<boolean> {
  const stored = await app.get(appRegistrationId);
  return stored !== undefined && isOneTenant(stored.value);
}

/**
 * Starts a sign-in. Nothing is kept of it: the browser keeps its word, and all that has to be unguessable or to be
 * recognised is made of that. Who has not started it in this very browser cannot finish it there.
 * @throws GatewayError `app-not-configured`, `app-credential-refused`, `sign-in-unavailable`
 */
export async function beginSignIn(ports: Ports): Promise<{ authorizeUrl: string; word: Secret }> {
  const word = newWord();
  const authorizeUrl = await ports.personSignIn.authorizeUrl(await requireOneTenant(ports.app), {
    redirectUri: ports.publicUrl + signedInPath,
    state: made(word, 'state'),
    nonce: made(word, 'nonce'),
    codeChallenge: createHash('sha256').update(made(word, 'verifier')).digest('base64url'),
  });
  return { authorizeUrl, word: new Secret(word) };
}

/**
 * Ends a sign-in: who signed in, an administrator of Postern, to which application.
 * @throws GatewayError `consent-unknown`, `consent-declined`, `sign-in-blocked`, `sign-in-failed`, `sign-in-unavailable`,
 *   `app-credential-refused`, `wrong-account`, `role-missing`
 */
export async function endSignIn(word: string | undefined, query: ConfirmQuery, ports: Ports): Promise<SignedInPerson> {
  try {
    return await redeem(word, query, ports);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const remedy = error.data.remedy?.replace(startAgain, again);
    throw remedy === undefined
      ? error
      : new GatewayError(error.code, error.message, { cause: error.cause, data: { ...error.data, remedy } });
  }
}

async function redeem(word: string | undefined, query: ConfirmQuery, ports: Ports): Promise<SignedInPerson> {
  if (word === undefined || !isSame(query.state ?? '', made(word, 'state'))) throw unknownSignIn();
  if (query.error !== undefined) throw toDeclinedError(query.error, query.error_description ?? '');
  if (query.code === undefined) throw unknownSignIn();
  const app = await requireOneTenant(ports.app);
  const person = await ports.personSignIn.redeem(app, {
    redirectUri: ports.publicUrl + signedInPath,
    code: query.code,
    nonce: made(word, 'nonce'),
    codeVerifier: made(word, 'verifier'),
  });
  if (person.tenantId.toLowerCase() !== app.tenant.toLowerCase()) {
    throw new GatewayError('wrong-account', `${person.address} is not of the organisation whose Postern this is.`, {
      data: { remedy: 'Sign in with an account of the organisation.' },
    });
  }
  if (!person.roles.includes(adminRole)) {
    throw new GatewayError('role-missing', `${person.address} does not have the role ${adminRole} in Postern.`, {
      data: {
        remedy: `In the Entra admin centre, under Enterprise applications, Postern, Users and groups, give ${person.address} the role ${adminRole}. Then sign in again.`,
      },
    });
  }
  return { person: { objectId: person.objectId, address: person.address }, clientId: app.clientId };
}

const again = 'Start again from the console, in the same browser.';

function unknownSignIn(): GatewayError {
  return new GatewayError(
    'consent-unknown',
    'This sign-in was not started in this browser, was finished before, or was started more than 15 minutes ago.',
    { data: { remedy: again } },
  );
}

async function requireOneTenant(apps: Ports['app']): Promise<AppRegistration> {
  const app = await requireApp(apps);
  if (isOneTenant(app)) return app;
  throw new GatewayError(
    'app-not-configured',
    `The app registration is for accounts of any organisation (${app.tenant}).`,
    {
      data: { remedy: 'Sign in with an API key, or set the tenant of your organisation: PUT /v1/app.' },
    },
  );
}

/** 43 characters, 256 bits, different for each purpose. */
function made(word: string, purpose: string): string {
  return createHmac('sha256', word).update(`sign-in ${purpose}`).digest('base64url');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
