import { signInAddress, type Account } from '../accounts/account.ts';
import { normalise } from '../shared/address.ts';
import { hashKey } from '../shared/ids.ts';
import type { OutgoingServer, SendingLimits } from './outgoing-server.ts';

/**
 * Exchange Online's limits of a mailbox (learn.microsoft.com: exchange-online-limits, sending limits), except that it takes
 * three connections: the others are left to the people and programs that use the mailbox beside us.
 */
export const exchangeLimits: SendingLimits = { perMinute: 30, recipientsPerDay: 10_000, connections: 1 };

export function limitsOf({ limits = exchangeLimits }: Pick<OutgoingServer, 'limits'>): SendingLimits {
  return limits;
}

/**
 * The key of the mailbox whose limits a server counts against: of whoever logs in, so that all servers of an account, all
 * shared mailboxes of a delegate, and all servers with one username at one host have the limits of one mailbox.
 */
export function sendingMailbox(server: OutgoingServer, account: Account | undefined): string {
  const { host, username = '' } = server;
  if (server.account === undefined) return hashKey(`${normalise(host)}/${username}`);
  return hashKey(normalise(account === undefined ? server.account : signInAddress(account)));
}
