import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Account } from './account.ts';

/** Notes that the grant of an account that had been given up works after all. Nothing is noted when it was changed meanwhile. */
export async function reviveAccount(
  call: Call,
  { value, etag }: Stored<Account>,
  accounts: Collection<Account>,
): Promise<void> {
  if (value.state !== 'reauth-required') return;
  const { cause, ...rest } = value;
  try {
    await accounts.replace(value.id, { ...rest, state: 'connected' }, etag);
    call.log.info('An account works again.', { account: value.id });
  } catch (thrown) {
    if (toGatewayError(thrown).code !== 'precondition-failed') throw thrown;
  }
}
