import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { withChanges } from '../shared/with-changes.ts';
import { isNamed, type Account } from './account.ts';
import { disconnectAccount } from './disconnect-account.ts';

export interface AccountChange {
  readonly aliases?: readonly string[] | undefined;
  readonly delegate?: string | undefined;
}

/**
 * Changes who may sign in for an account. The person who has signed in stays while the account still names him;
 * otherwise his grant is forgotten with him, and whoever is named now can connect the account.
 * @throws GatewayError `request-invalid` for a delegate of a mailbox that is not shared, `precondition-failed`
 */
export async function changeAccount(
  { value: before, etag }: Stored<Account>,
  change: AccountChange,
  ports: { accounts: Collection<Account>; secrets: SecretStore },
): Promise<Stored<Account>> {
  if (before.kind === 'user' && change.delegate !== undefined) {
    const detail = 'is for shared mailboxes only';
    throw new GatewayError('request-invalid', `/delegate: ${detail}`, {
      data: { errors: [{ pointer: '/delegate', detail }] },
    });
  }
  const { identity, ...after } = withChanges(before, change);
  // Somebody whose name was changed at Microsoft is no longer named as it is, and stays whom he was.
  const wasNamed = identity !== undefined && (isNamed(before, identity) || after.delegate !== before.delegate);
  if (!wasNamed || isNamed(after, identity)) {
    return ports.accounts.replace(before.id, withChanges(before, change), etag);
  }
  return disconnectAccount({ value: after, etag }, ports);
}
