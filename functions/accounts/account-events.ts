import { newEvent } from '../events/event.ts';
import { raiseEvents, type RaisePorts } from '../events/raise-events.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import { connectPath, type Account } from './account.ts';

/** What is needed to change accounts and have that told. */
export interface AccountEventPorts extends RaisePorts {
  readonly accounts: Collection<Account>;
}

/**
 * The account with the event of what has just become of it. Both are kept in one write, so that neither is without the
 * other, and of two who note the same change one does.
 */
export function withEvent(
  account: Account,
  type: 'account.connected' | 'account.reauth_required' | 'account.recovered',
  now: Date,
): Account {
  const { id, address, state, cause, untold = [] } = account;
  const data = {
    ...{ id, address, state },
    ...(cause !== undefined && { cause }),
    ...(state === 'reauth-required' && { connectPath: connectPath(id) }),
  };
  return { ...account, untold: [...untold, newEvent(type, id, now, data)] };
}

/**
 * Has the destinations told what happened to an account. Never throws: what could not be told stays with the account,
 * and the sweep tells it.
 */
export async function tellAccountEvents(call: Call, id: string, ports: AccountEventPorts): Promise<void> {
  try {
    const stored = await ports.accounts.get(id);
    if (stored?.value.untold === undefined) return;
    const { untold, ...told } = stored.value;
    await raiseEvents(untold, ports);
    await ports.accounts.replace(id, told, stored.etag);
  } catch (thrown) {
    // Changed meanwhile: whoever did tells the same events again, which changes nothing, or the sweep does.
    if (toGatewayError(thrown).code === 'precondition-failed') return;
    call.log.warn('What happened to an account was not told yet.', { account: id, cause: thrown });
  }
}
