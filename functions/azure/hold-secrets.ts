import type { HeldSecrets } from '../shared/held-secrets.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';

// How long a value that an operator sets by hand, under the same name, may go unseen. One set by the API has a name of its own.
const heldFor = 5 * 60_000;

/** Holds what it reads for some minutes. */
export function holdSecrets(secrets: SecretStore): HeldSecrets {
  const held = new Map<string, { readonly secret: Secret; readonly readAt: number }>();

  async function read(name: string): Promise<Secret | undefined> {
    const stored = await secrets.get(name);
    const now = performance.now();
    for (const [other, { readAt }] of held) if (now - readAt >= heldFor) held.delete(other);
    if (stored === undefined) held.delete(name);
    else held.set(name, { secret: stored.secret, readAt: now });
    return stored?.secret;
  }

  return {
    async get(name) {
      const known = held.get(name);
      return known !== undefined && performance.now() - known.readAt < heldFor ? known.secret : read(name);
    },
    async getOther(name, refused) {
      const now = await read(name);
      return now?.reveal() === refused.reveal() ? undefined : now;
    },
  };
}
