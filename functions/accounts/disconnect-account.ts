import type { Collection, Stored } from '../shared/collection.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Account } from './account.ts';

/**
 * Forgets an account's grant. The row goes first: from then on nobody asks for the tokens, which then leave the vault.
 * Who the account belongs to stays pinned.
 */
export async function disconnectAccount(
  { value, etag }: Stored<Account>,
  { accounts, secrets }: { accounts: Collection<Account>; secrets: SecretStore },
): Promise<Stored<Account>> {
  const { tokenSecret, connectedAt, cause, ...rest } = value;
  const stored = await accounts.replace(value.id, { ...rest, state: 'not-connected' }, etag);
  if (tokenSecret !== undefined) await secrets.remove(tokenSecret);
  return stored;
}
