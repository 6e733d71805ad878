import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import { randomKey } from '../shared/ids.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Account } from './account.ts';
import { demandIdentity } from './demand-identity.ts';
import type { Grant } from './sign-in.ts';

// Workers change the row too, for instance when they find that the former grant has died.
const attempts = 5;

/**
 * Keeps what a sign-in gave: the tokens in the key vault, then the row that names them; then the former tokens go. When
 * the row cannot be written, nothing is left behind.
 * @throws GatewayError `wrong-account`, `not-found`
 */
export async function keepGrant(
  call: Call,
  accountId: string,
  { identity, tokens }: Grant,
  { accounts, secrets }: { accounts: Collection<Account>; secrets: SecretStore },
): Promise<Account> {
  // A new name for every grant: a name that was ever deleted cannot be set again while the vault remembers it.
  const tokenSecret = `grant-${accountId.replace('_', '-')}-${randomKey()}`;

  async function saveConnected(attempt = 1): Promise<{ account: Account; former: string | undefined }> {
    const stored = await accounts.get(accountId);
    if (stored === undefined) throw new GatewayError('not-found', `The account ${accountId} was removed.`);
    demandIdentity(stored.value, identity);
    const { cause, tokenSecret: former, ...rest } = stored.value;
    const connectedAt = call.now().toISOString();
    const account: Account = { ...rest, state: 'connected', identity, tokenSecret, connectedAt };
    try {
      await accounts.replace(accountId, account, stored.etag);
      return { account, former };
    } catch (thrown) {
      if (attempt === attempts || toGatewayError(thrown).code !== 'precondition-failed') throw thrown;
      return saveConnected(attempt + 1);
    }
  }

  async function forget(name: string): Promise<void> {
    try {
      await secrets.remove(name);
    } catch (cause) {
      call.log.warn('A secret that nothing names any more stays in the key vault.', { secret: name, cause });
    }
  }

  await secrets.set(tokenSecret, tokens);
  try {
    const { account, former } = await saveConnected();
    if (former !== undefined) await forget(former);
    return account;
  } catch (thrown) {
    await forget(tokenSecret);
    throw thrown;
  }
}
