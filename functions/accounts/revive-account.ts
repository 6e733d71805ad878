import type { Call } from '../shared/call.ts';
import { tellAccountEvents, type AccountEventPorts } from './account-events.ts';
import type { Account } from './account.ts';
import { amendAccount } from './amend-account.ts';
import { connected } from './keep-grant.ts';

/** Notes that the grant of an account that had been given up works after all, and has that told. Nothing is noted when it was changed meanwhile. */
export async function reviveAccount(call: Call, account: Account, ports: AccountEventPorts): Promise<void> {
  if (account.state !== 'reauth-required') return;
  const revived = await amendAccount(account.id, ports.accounts, (now) =>
    now.state === 'reauth-required' && now.tokenSecret === account.tokenSecret ? connected(now, call.now()) : undefined,
  );
  if (revived === undefined) return;
  call.log.info('An account works again.', { account: account.id });
  await tellAccountEvents(call, account.id, ports);
}
