import type { Call } from '../shared/call.ts';
import { causeOf, type GatewayError } from '../shared/errors.ts';
import { tellAccountEvents, withEvent, type AccountEventPorts } from './account-events.ts';
import type { Account } from './account.ts';
import { amendAccount } from './amend-account.ts';

/** Whether it means that a grant cannot be used until somebody acts: not a fault of ours, nor one that passes. */
export function endsGrant({ code }: GatewayError): boolean {
  return code === 'reauth-required' || code === 'sign-in-blocked';
}

/**
 * Notes that the grant an account had (`used`) cannot be used any more, and has that told, once, however many meet it.
 * Nothing is noted when the account was connected anew meanwhile.
 */
export async function markReauthRequired(
  call: Call,
  used: Account,
  error: GatewayError,
  ports: AccountEventPorts,
): Promise<void> {
  const marked = await amendAccount(used.id, ports.accounts, (account) => {
    if (!isSameGrant(account, used)) return undefined;
    const dead: Account = { ...account, state: 'reauth-required', cause: causeOf(error, call.now()) };
    if (account.state === 'connected') return withEvent(dead, 'account.reauth_required', call.now());
    // Told before, for another reason.
    return account.state === dead.state && account.cause?.code !== error.code ? dead : undefined;
  });
  if (marked === undefined) return;
  call.log.warn('An account must be connected again.', { account: used.id, code: error.code });
  await tellAccountEvents(call, used.id, ports);
}

function isSameGrant(one: Account, other: Account): boolean {
  return one.tokenSecret === other.tokenSecret && one.connectedAt === other.connectedAt;
}
