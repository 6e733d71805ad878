import type { Collection } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Account } from './account.ts';

// A vault keeps every version for ever, and Microsoft does not withdraw a refresh token when it gives the next one: what
// is kept may lag a day behind.
const keepEvery = 24 * 60 * 60_000;

/** When the tokens of an account were last kept, as far as is known; undefined when it has none. */
export function lastKeptAt({ keptAt, connectedAt, createdAt, tokenSecret }: Account): string | undefined {
  return tokenSecret === undefined ? undefined : (keptAt ?? connectedAt ?? createdAt);
}

/**
 * Keeps the tokens of a refresh in the key vault, at most once a day per account over all instances: whoever first notes
 * the day in the account's row writes the secret. Who fails in between leaves what the vault has, which works as well.
 * @returns when they were kept, if they were, and when there is something to keep again
 */
export async function keepTokens(
  { id, tokenSecret = '' }: Account,
  tokens: () => Secret,
  now: Date,
  { accounts, secrets }: { accounts: Collection<Account>; secrets: SecretStore },
): Promise<{ keptAt?: Date; next: Date }> {
  const dayAfter = (keptAt: string | Date): Date => new Date(new Date(keptAt).getTime() + keepEvery);
  const stored = await accounts.get(id);
  // Another consent has made them worthless.
  if (stored?.value.tokenSecret !== tokenSecret || stored.value.state !== 'connected') return { next: dayAfter(now) };
  const next = dayAfter(lastKeptAt(stored.value) ?? now);
  if (next > now) return { next };
  try {
    await accounts.replace(id, { ...stored.value, keptAt: now.toISOString() }, stored.etag);
  } catch (thrown) {
    if (toGatewayError(thrown).code === 'precondition-failed') return { next: now };
    throw thrown;
  }
  await secrets.set(tokenSecret, tokens());
  // Disconnected, or connected anew, in this very moment: what was removed must not come back.
  if ((await accounts.get(id))?.value.tokenSecret !== tokenSecret) await secrets.remove(tokenSecret);
  return { keptAt: now, next: dayAfter(now) };
}
