import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { causeOf, toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { Account } from './account.ts';

/** Notes that an account's grant has died. Nothing is noted when the account was changed meanwhile: it may be mended. */
export async function markReauthRequired(
  call: Call,
  stored: Stored<Account>,
  error: GatewayError,
  accounts: Collection<Account>,
): Promise<void> {
  if (stored.value.state !== 'connected') return;
  const marked: Account = { ...stored.value, state: 'reauth-required', cause: causeOf(error, call.now()) };
  try {
    await accounts.replace(marked.id, marked, stored.etag);
    call.log.warn('An account must be connected again.', { account: marked.id });
  } catch (thrown) {
    if (toGatewayError(thrown).code !== 'precondition-failed') throw thrown;
  }
}
