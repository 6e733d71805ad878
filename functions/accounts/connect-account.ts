import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { signInAddress, type Account } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { isOver, startConsent, type Consent } from './consent.ts';
import type { SignIn } from './sign-in.ts';

/**
 * Starts a sign-in for an account. Answers the Microsoft page to open, and until when it can be used. Sign-ins that were
 * never finished are cleared away by whoever starts the next.
 * @throws GatewayError `app-not-configured`, `app-credential-refused`, `sign-in-unavailable`
 */
export async function connectAccount(
  call: Call,
  account: Account,
  ports: { app: Collection<AppRegistration>; consents: Collection<Consent>; signIn: SignIn; publicUrl: string },
): Promise<{ authorizeUrl: string; expiresAt: string }> {
  const { consents } = ports;
  const app = await requireApp(ports.app);
  const { state, consent, codeChallenge } = startConsent(account.id, call.now());
  const authorizeUrl = await ports.signIn.authorizeUrl(app, {
    redirectUri: ports.publicUrl + confirmPath,
    state,
    nonce: consent.nonce,
    codeChallenge,
    loginHint: signInAddress(account),
  });
  const over = (await consents.list()).filter(({ value }) => isOver(value, call.now()));
  await Promise.all(over.map(({ value, etag }) => consents.remove(value.id, etag)));
  await consents.add(consent.id, consent);
  return { authorizeUrl, expiresAt: consent.expiresAt };
}
