import type { LoginServer } from '../servers/authentication.ts';
import { logInWithPassword } from '../servers/log-in-with-password.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import { explainBusy } from './explain-login.ts';
import type { Legs } from './legs.ts';
import type { Proof } from './proof.ts';

/** Skips the legs of the sign-in with Microsoft, which a server with a password has not. Whether it has one, the login tells. */
export function examinePassword(legs: Legs, server: LoginServer, heldSecrets: HeldSecrets): Proof {
  for (const leg of ['credential', 'token', 'claims'] as const)
    legs.skip(leg, 'The server is logged in to with a password, without Microsoft.');
  return {
    logIn: (call, _server, _user, open) => logInWithPassword(call, server, heldSecrets, open),
    explain: explainBusy,
  };
}
