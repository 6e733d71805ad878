import type { Call } from '../shared/call.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { Account } from './account.ts';
import { tellAccountEvents, type AccountEventPorts } from './account-events.ts';
import { amendAccount } from './amend-account.ts';
import { lastKeptAt } from './keep-tokens.ts';
import { endsGrant, markReauthRequired } from './mark-reauth-required.ts';
import { reviveAccount } from './revive-account.ts';
import type { MailboxTokens } from './sign-in.ts';

const hour = 60 * 60_000;
/** A grant dies when it was not used for 90 days; one that is in use is kept every day. */
const idleAfter = 7 * 24 * hour;
/** Between two tries of one grant: an administrator may need any time, and Microsoft counts what it refuses. */
const tryEvery = hour;
/** Grants to try in one sweep, one after the other. */
const atOnce = 20;

interface Ports extends AccountEventPorts {
  readonly tokens: MailboxTokens;
}

/**
 * Looks after all accounts: tells what a crash has left untold, refreshes the tokens of those that nobody uses before
 * they die of it, and tries those that an administrator had blocked. Where nothing is to be done it costs one list.
 */
export async function tendAccounts(call: Call, ports: Ports): Promise<void> {
  const all = (await ports.accounts.list()).map(({ value }) => value);
  for (const { id } of all.filter(({ untold }) => untold !== undefined)) await tellAccountEvents(call, id, ports);
  const due = all.filter((account) => isToBeTried(account, call.now()));
  for (const account of due.sort((a, b) => lastTry(a) - lastTry(b)).slice(0, atOnce)) {
    if (call.signal.aborted || !(await tryGrant(call, account, ports))) return;
  }
}

function isToBeTried(account: Account, now: Date): boolean {
  if (lastTry(account) + tryEvery > now.getTime()) return false;
  if (account.state === 'reauth-required') return account.cause?.code === 'sign-in-blocked';
  const keptAt = lastKeptAt(account);
  return account.state === 'connected' && keptAt !== undefined && Date.parse(keptAt) + idleAfter <= now.getTime();
}

function lastTry({ triedAt, cause }: Account): number {
  return Math.max(...[triedAt, cause?.at].map((time) => (time === undefined ? 0 : Date.parse(time))));
}

/** Answers whether to go on with others: not when what went wrong would meet them as well. */
async function tryGrant(call: Call, account: Account, ports: Ports): Promise<boolean> {
  try {
    const triedAt = call.now().toISOString();
    const claimed = await amendAccount(account.id, ports.accounts, (now) =>
      now.triedAt === account.triedAt && now.state === account.state ? { ...now, triedAt } : undefined,
    );
    if (claimed === undefined) return true;
    await refresh(claimed.value, ports.tokens);
    await reviveAccount(call, account, ports);
    return true;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (endsGrant(error)) {
      await markReauthRequired(call, account, error, ports);
      return true;
    }
    call.log.warn('The grant of an account could not be tried.', {
      account: account.id,
      code: error.code,
      cause: error,
    });
    return !isEverybodys(error);
  }
}

/** Another token than one that is remembered here: that one may outlive the grant. */
async function refresh(account: Account, tokens: MailboxTokens): Promise<void> {
  const asConnected: Account = { ...account, state: 'connected' };
  const remembered = await tokens.accessToken(asConnected);
  if (account.state !== 'connected') await tokens.accessToken(asConnected, remembered);
}

function isEverybodys({ code }: GatewayError): boolean {
  return code !== 'sign-in-failed';
}
