import type { SecretStore } from '../shared/secret-store.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { makeApiKey, type ApiKey } from './api-key.ts';

/** Where the operator finds the first key: `az keyvault secret show --name first-admin-key`. */
export const firstAdminKeyName = 'first-admin-key';

/**
 * Makes an admin key where there is no API key at all, and leaves it in the key vault for whoever may read that. The
 * vault is written first: a key that works but that nobody can read would help no one.
 */
export async function makeFirstAdminKey(
  call: Call,
  { apiKeys, secrets }: { apiKeys: Collection<ApiKey>; secrets: SecretStore },
): Promise<void> {
  if ((await apiKeys.list()).length > 0) return;
  const { row, key } = makeApiKey({ name: 'First admin key', scopes: ['admin'] }, call.now());
  await secrets.set(firstAdminKeyName, key);
  await apiKeys.add(row.id, row);
  call.log.info('The first admin key was made; the key vault has it.', { secret: firstAdminKeyName });
}
