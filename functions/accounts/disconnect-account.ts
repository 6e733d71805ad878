import type { Collection, Stored } from '../shared/collection.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Account } from './account.ts';

/**
 * Forgets an account's grant. The state goes first: from then on nobody asks for the tokens, which then leave the vault,
 * and their name after them, so that doing it again finishes what a failure left. Who the account belongs to stays pinned.
 */
export async function disconnectAccount(
  { value, etag }: Stored<Account>,
  { accounts, secrets }: { accounts: Collection<Account>; secrets: SecretStore },
): Promise<Stored<Account>> {
  const { connectedAt, cause, keptAt, triedAt, ...rest } = value;
  const closed = await accounts.replace(value.id, { ...rest, state: 'not-connected' }, etag);
  const { tokenSecret, ...empty } = closed.value;
  if (tokenSecret === undefined) return closed;
  await secrets.remove(tokenSecret);
  return accounts.replace(value.id, empty, closed.etag);
}
