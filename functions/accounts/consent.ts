import { createHash, randomBytes } from 'node:crypto';
import { hashOf, newWord, type OneTime } from './one-time.ts';

/** A sign-in that was started and has not come back: usable once, for 15 minutes. Its word is the state. */
export interface Consent extends OneTime {
  readonly accountId: string;
  readonly nonce: string;
  /** The PKCE verifier (RFC 7636). Worthless without the code, which only the browser gets. */
  readonly codeVerifier: string;
  /** The place in the console it was started from. */
  readonly returnTo?: string;
}

const lifetime = 15 * 60_000;

/** A new sign-in: the state that the browser carries, the challenge that Microsoft gets, and what is kept. */
export function startConsent(
  accountId: string,
  now: Date,
  returnTo?: string,
): { state: string; consent: Consent; codeChallenge: string } {
  const state = newWord();
  const codeVerifier = newWord();
  return {
    state,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    consent: {
      id: hashOf(state),
      accountId,
      nonce: randomBytes(16).toString('base64url'),
      codeVerifier,
      ...(returnTo !== undefined && { returnTo }),
      expiresAt: new Date(now.getTime() + lifetime).toISOString(),
    },
  };
}
