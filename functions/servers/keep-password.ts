import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import { forgetSecret } from '../shared/forget-secret.ts';
import { randomKey } from '../shared/ids.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Authentication } from './authentication.ts';

interface Ports<S> {
  readonly servers: Pick<Collection<S>, 'get'>;
  readonly secrets: SecretStore;
}

/**
 * Keeps a server's password: in the key vault first, under a new name, then `write` writes the row that names it; then
 * the former password leaves the vault. When the row was certainly not written, nothing is left behind.
 * @throws whatever `write` throws
 */
export async function keepPassword<S extends Authentication>(
  call: Call,
  server: { readonly id: string; readonly passwordSecret?: string },
  password: string,
  write: (passwordSecret: string) => Promise<Stored<S>>,
  { servers, secrets }: Ports<S>,
): Promise<Stored<S>> {
  const name = `password-${randomKey()}`;
  await secrets.set(name, new Secret(password));
  try {
    const stored = await write(name);
    if (server.passwordSecret !== undefined) await forgetSecret(call, server.passwordSecret, secrets);
    return stored;
  } catch (thrown) {
    // Storage that did not answer may have written it all the same, and says so only when it is asked.
    if (toGatewayError(thrown).code !== 'storage-unavailable' && !(await isNamed())) {
      await forgetSecret(call, name, secrets);
    }
    throw thrown;
  }

  async function isNamed(): Promise<boolean> {
    return (await servers.get(server.id))?.value.passwordSecret === name;
  }
}
