import { createHash, randomBytes } from 'node:crypto';

/** A sign-in that was started and has not come back: usable once, for 15 minutes. */
export interface Consent {
  /** The SHA-256 of the state: who reads the table cannot end anybody's sign-in. */
  readonly id: string;
  readonly accountId: string;
  readonly nonce: string;
  /** The PKCE verifier (RFC 7636). Worthless without the code, which only the browser gets. */
  readonly codeVerifier: string;
  readonly expiresAt: string;
}

const lifetime = 15 * 60_000;

/** A new sign-in: the state that the browser carries, the challenge that Microsoft gets, and what is kept. */
export function startConsent(accountId: string, now: Date): { state: string; consent: Consent; codeChallenge: string } {
  const state = randomBytes(32).toString('base64url');
  const codeVerifier = randomBytes(32).toString('base64url');
  return {
    state,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    consent: {
      id: consentIdOf(state),
      accountId,
      nonce: randomBytes(16).toString('base64url'),
      codeVerifier,
      expiresAt: new Date(now.getTime() + lifetime).toISOString(),
    },
  };
}

/** The id under which the consent of a state is kept. */
export function consentIdOf(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}

/** Whether it is too late for it. */
export function isOver(consent: Consent, now: Date): boolean {
  return consent.expiresAt <= now.toISOString();
}
