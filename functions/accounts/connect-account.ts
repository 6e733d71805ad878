import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { signInAddress, type Account } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { startConsent, type Consent } from './consent.ts';
import type { SignIn } from './sign-in.ts';

/**
 * Starts a sign-in for an account. Answers the Microsoft page to open, and until when it can be used.
 * @throws GatewayError `app-not-configured`, `app-credential-refused`, `sign-in-unavailable`
 */
export async function connectAccount(
  call: Call,
  account: Account,
  ports: { app: Collection<AppRegistration>; consents: Collection<Consent>; signIn: SignIn; publicUrl: string },
): Promise<{ authorizeUrl: string; expiresAt: string }> {
  const app = await requireApp(ports.app);
  const { state, id, consent, codeChallenge } = startConsent(account.id, call.now());
  const authorizeUrl = await ports.signIn.authorizeUrl(app, {
    redirectUri: ports.publicUrl + confirmPath,
    state,
    nonce: consent.nonce,
    codeChallenge,
    loginHint: signInAddress(account),
  });
  await ports.consents.add(id, consent);
  return { authorizeUrl, expiresAt: consent.expiresAt };
}
