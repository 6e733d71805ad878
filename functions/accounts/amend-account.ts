import type { Collection, Stored } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Account } from './account.ts';

const attempts = 5;

/**
 * Changes an account's row, which people and workers of all instances change too: `change` is asked anew for what the row
 * has become, and leaves it as it is by answering undefined, as for an account that is gone.
 * @throws GatewayError `precondition-failed` when it is changed all the time, and what `change` throws
 */
export async function amendAccount(
  id: string,
  accounts: Collection<Account>,
  change: (account: Account) => Account | undefined,
): Promise<Stored<Account> | undefined> {
  for (let attempt = 1; ; attempt++) {
    const stored = await accounts.get(id);
    const changed = stored && change(stored.value);
    if (stored === undefined || changed === undefined) return undefined;
    try {
      return await accounts.replace(id, changed, stored.etag);
    } catch (thrown) {
      if (attempt === attempts || toGatewayError(thrown).code !== 'precondition-failed') throw thrown;
    }
  }
}
