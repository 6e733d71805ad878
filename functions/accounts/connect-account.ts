import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { signInAddress, type Account } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { startConsent, type Consent } from './consent.ts';
import { addOneTime } from './one-time.ts';
import type { SignIn } from './sign-in.ts';

export interface ConnectPorts {
  readonly app: Collection<AppRegistration>;
  readonly consents: Collection<Consent>;
  readonly signIn: SignIn;
  readonly publicUrl: string;
}

/** A sign-in that was started. */
export interface Connection {
  /** The Microsoft page to open. */
  readonly authorizeUrl: string;
  /** Until when it can be finished. */
  readonly expiresAt: string;
  /** The address to choose there: Microsoft asks which account is meant, and is told nothing (decision 0011). */
  readonly signInAs: string;
}

/**
 * Starts a sign-in for an account; the page at its end leads back to `returnTo`, a place in the console.
 * @throws GatewayError `app-not-configured`, `app-credential-refused`, `sign-in-unavailable`
 */
export async function connectAccount(
  call: Call,
  account: Account,
  ports: ConnectPorts,
  returnTo?: string,
): Promise<Connection> {
  const app = await requireApp(ports.app);
  const { state, consent, codeChallenge } = startConsent(account.id, call.now(), returnTo);
  const authorizeUrl = await ports.signIn.authorizeUrl(app, {
    redirectUri: ports.publicUrl + confirmPath,
    state,
    nonce: consent.nonce,
    codeChallenge,
  });
  await addOneTime(ports.consents, consent, call.now());
  return { authorizeUrl, expiresAt: consent.expiresAt, signInAs: signInAddress(account) };
}
