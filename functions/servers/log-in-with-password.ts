import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import type { Secret } from '../shared/secret.ts';
import { passwordCall, type LoginServer } from './authentication.ts';
import type { MailLogin } from './mail-login.ts';

/**
 * Opens a session with a server by its password. One that is refused is read from the vault anew, and tried once more
 * only if it has changed there: servers count wrong passwords.
 * @throws GatewayError `mail-login-refused` with the call that sets another password, `secrets-unavailable`, and what
 *   `open` throws
 */
export async function logInWithPassword<Session>(
  call: Call,
  server: LoginServer,
  heldSecrets: HeldSecrets,
  open: (login: MailLogin, call: Call) => Promise<Session>,
): Promise<Session> {
  const { host, port, encryption, username: user = '', passwordSecret = '' } = server;
  const openWith = (secret: Secret): Promise<Session> =>
    open({ host, port, encryption, user, proof: { kind: 'password', secret } }, call);
  const password = await heldSecrets.get(passwordSecret);
  if (password === undefined) {
    throw new GatewayError('mail-login-refused', `The password of ${user} is not in the key vault.`, {
      data: { remedy: `Set it: ${passwordCall(server)}.` },
    });
  }
  try {
    return await openWith(password);
  } catch (thrown) {
    const error = told(thrown, server);
    const other = error.code === 'mail-login-refused' && (await heldSecrets.getOther(passwordSecret, password));
    if (!other) throw error;
    try {
      return await openWith(other);
    } catch (again) {
      throw told(again, server);
    }
  }
}

/** What went wrong; a refused password with the call that sets another one. */
function told(thrown: unknown, server: LoginServer): GatewayError {
  const error = toGatewayError(thrown);
  const { code, message, cause, data } = error;
  if (code !== 'mail-login-refused') return error;
  const remedy = `Check the username ${server.username ?? ''}, and set the password: ${passwordCall(server)}.`;
  return new GatewayError(code, message, { cause, data: { remedy, ...data } });
}
