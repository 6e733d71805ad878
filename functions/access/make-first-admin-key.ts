import type { SecretStore } from '../shared/secret-store.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import type { Leases } from '../shared/lease.ts';
import { isExpired, makeApiKey, type ApiKey } from './api-key.ts';

/** Where the operator finds the first key: `az keyvault secret show --name first-admin-key`. */
export const firstAdminKeyName = 'first-admin-key';

interface Ports {
  readonly apiKeys: Collection<ApiKey>;
  readonly secrets: SecretStore;
  readonly leases: Leases;
}

/**
 * Makes an admin key where none works, at the first start or when all were removed, and leaves it in the key vault for
 * whoever may read that. The vault is written first: a key that works but that nobody can read would help no one.
 */
export async function makeFirstAdminKey(call: Call, { apiKeys, secrets, leases }: Ports): Promise<void> {
  const isNeeded = async (): Promise<boolean> =>
    !(await apiKeys.list()).some(({ value }) => value.scopes.includes('admin') && !isExpired(value, call.now()));
  if (!(await isNeeded())) return;
  // Of two at once, one would leave a key in the vault that is not the other's.
  const lease = await leases.take(firstAdminKeyName);
  if (lease === undefined) return;
  try {
    if (!(await isNeeded())) return;
    const { row, key } = makeApiKey({ name: 'First admin key', scopes: ['admin'] }, call.now());
    await secrets.set(firstAdminKeyName, key);
    await apiKeys.add(row.id, row);
    call.log.info('The first admin key was made; the key vault has it.', { secret: firstAdminKeyName });
  } finally {
    await lease.drop();
  }
}
