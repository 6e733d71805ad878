import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { forgetSecret } from '../shared/forget-secret.ts';
import { randomKey } from '../shared/ids.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { withEvent } from './account-events.ts';
import type { Account } from './account.ts';
import { amendAccount } from './amend-account.ts';
import { demandIdentity } from './demand-identity.ts';
import type { Grant } from './sign-in.ts';

/**
 * Keeps what a sign-in gave: the tokens in the key vault, then the row that names them and carries the event; then the
 * former tokens go. When the row cannot be written, nothing is left behind.
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
  let former: string | undefined;

  async function saveConnected(): Promise<Account> {
    const saved = await amendAccount(accountId, accounts, (account) => {
      demandIdentity(account, identity);
      former = account.tokenSecret;
      const { keptAt, ...rest } = account;
      return { ...connected(rest, call.now()), identity, tokenSecret };
    });
    if (saved === undefined) throw new GatewayError('not-found', `The account ${accountId} was removed.`);
    return saved.value;
  }

  await secrets.set(tokenSecret, tokens);
  try {
    const account = await saveConnected();
    if (former !== undefined) await forgetSecret(call, former, secrets);
    return account;
  } catch (thrown) {
    await forgetSecret(call, tokenSecret, secrets);
    throw thrown;
  }
}

/** The account from now on: it can be used, and what it was before says what there is to tell. */
export function connected({ cause, triedAt, ...account }: Account, now: Date): Account {
  const usable: Account = { ...account, state: 'connected', connectedAt: now.toISOString() };
  if (account.state === 'connected') return usable;
  return withEvent(usable, account.state === 'reauth-required' ? 'account.recovered' : 'account.connected', now);
}
