import type { Account } from '../accounts/account.ts';
import { hasPassed, type Report } from '../health/report.ts';
import { backOff } from '../shared/back-off.ts';
import { causeOf, type GatewayError } from '../shared/errors.ts';
import type { States, Stored } from '../shared/collection.ts';
import type { OutgoingServer, OutgoingState } from './outgoing-server.ts';

const minute = 60_000;
const pauseSteps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute];

/** An attempt to send that failed: when it began, and with which settings of the server. */
export interface Attempt {
  readonly at: Date;
  readonly etag: string;
}

/**
 * The state of a server that cannot send at all for now: nothing is tried for a while, the longer the more often it
 * failed in a row, and never before the server itself said. `chance` (0 to 1) spreads the returns.
 */
export function pausedFor(
  error: GatewayError,
  state: OutgoingState,
  attempt: Attempt,
  now: Date,
  chance: number,
): OutgoingState & { notBefore: string } {
  const failures = state.failures + 1;
  const wait = Math.max(backOff(pauseSteps, failures, chance), (error.data.retryAfter ?? 0) * 1000);
  return {
    ...state,
    failures,
    lastError: causeOf(error, now),
    triedAt: attempt.at.toISOString(),
    triedWith: attempt.etag,
    notBefore: new Date(now.getTime() + wait).toISOString(),
  };
}

/** True while nothing is to be tried. */
export function isPaused(state: OutgoingState | undefined, now: Date): boolean {
  return state?.notBefore !== undefined && state.notBefore > now.toISOString();
}

/**
 * True when somebody has done something since the last attempt: consented, changed the settings, or tested the server or
 * its account with success. That ends the wait.
 */
export async function isMended(
  state: OutgoingState,
  server: Stored<OutgoingServer>,
  account: Account | undefined,
  tests: States<Report>,
): Promise<boolean> {
  if (server.etag !== state.triedWith) return true;
  const { triedAt = '' } = state;
  if (account?.connectedAt !== undefined && account.connectedAt > triedAt) return true;
  const { id, account: accountId } = server.value;
  const last = await Promise.all([tests.get(id), tests.get(accountId)]);
  return last.some((test) => test !== undefined && hasPassed(test, 'smtp-login') && test.checkedAt > triedAt);
}

/**
 * True for a refusal that meets any message of the mailbox, or an end of the conversation: going on with the next message
 * would only repeat it, which Exchange answers by throttling the mailbox. A reply concerns the server when it is 421, 432
 * or 454, or of the classes X.3 (mail system) and X.7 (policy) of RFC 3463, or names the time to come back.
 */
export function concernsServer({ code, data: { retryAfter, upstream } }: GatewayError): boolean {
  switch (code) {
    case 'mail-server-unreachable':
    case 'mail-server-untrusted':
    case 'mail-login-refused':
    case 'smtp-auth-disabled':
    case 'sign-in-blocked':
    case 'mailbox-not-opened':
      return true;
    case 'mail-server-busy':
      return (
        retryAfter !== undefined ||
        ['421', '432', '454'].includes(upstream?.code ?? '') ||
        /^4\.[37]\./.test(upstream?.enhanced ?? '')
      );
    default:
      return false;
  }
}
