import { randomBytes } from 'node:crypto';
import type { User } from '../directory.ts';
import { EntraRefusal } from './entra-error.ts';

/** What a code stands for until the application redeems it. */
export interface SignIn {
  user: User;
  clientId: string;
  redirectUri: string;
  scope: string;
  nonce: string | undefined;
  codeChallenge: string | undefined;
}

export interface AuthorizationCodes {
  issue(signIn: SignIn): string;
  /** @throws EntraRefusal 70000 for an unknown code, 54005 for a used one, 70008 for one older than 10 minutes */
  look(code: string): SignIn;
  /** From now on the code is used. */
  redeem(code: string): void;
}

// Microsoft: "Microsoft identity platform and OAuth 2.0 authorization code flow": they expire after about 10 minutes.
const lifetime = 10 * 60_000;

export function createAuthorizationCodes(): AuthorizationCodes {
  const codes = new Map<string, { signIn: SignIn; issuedAt: number; redeemed: boolean }>();
  return {
    issue(signIn) {
      const code = `1.${randomBytes(48).toString('base64url')}`;
      codes.set(code, { signIn, issuedAt: Date.now(), redeemed: false });
      return code;
    },
    look(code) {
      const known = codes.get(code);
      if (!known) throw new EntraRefusal(70000);
      if (known.redeemed) throw new EntraRefusal(54005);
      if (known.issuedAt + lifetime <= Date.now()) throw new EntraRefusal(70008);
      return known.signIn;
    },
    redeem(code) {
      const known = codes.get(code);
      if (known) known.redeemed = true;
    },
  };
}
