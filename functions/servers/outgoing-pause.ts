import type { Account } from '../accounts/account.ts';
import { hasPassed, type Report } from '../health/report.ts';
import { backOff } from '../shared/back-off.ts';
import { causeOf, type GatewayError } from '../shared/errors.ts';
import type { States, Stored } from '../shared/collection.ts';
import type { OutgoingServer, OutgoingState } from './outgoing-server.ts';

const minute = 60_000;
const pauseSteps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute];
/** After 432: too many connections at the moment, which others may close soon. */
const crowdedSteps = [minute / 4, minute / 2, minute, 2 * minute, 5 * minute];

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
  const steps = error.data.upstream?.code === '432' ? crowdedSteps : pauseSteps;
  const wait = Math.max(backOff(steps, failures, chance), (error.data.retryAfter ?? 0) * 1000);
  return {
    ...state,
    failures,
    lastError: causeOf(error, now),
    triedAt: attempt.at.toISOString(),
    triedWith: attempt.etag,
    notBefore: new Date(now.getTime() + wait).toISOString(),
  };
}

/**
 * True where the server refuses the mailbox whatever it sends, for a time (432, or a rule that names the time): all outgoing
 * servers of the mailbox have to wait, and no message is to blame.
 */
export function throttlesMailbox({ code, data: { retryAfter, upstream } }: GatewayError): boolean {
  return code === 'mail-server-busy' && (retryAfter !== undefined || upstream?.code === '432');
}

/**
 * True where a message may wait longer than for a server that is down: a limit passes by itself, and with a login that is
 * refused somebody has to act, who finds the mail waiting.
 */
export function outlastsPatience(error: GatewayError): boolean {
  return (
    error.meaning.tryAgain === 'after consent' ||
    ['sending-limit-reached', 'mail-login-refused', 'smtp-auth-disabled', 'app-credential-refused'].includes(
      error.code,
    ) ||
    throttlesMailbox(error)
  );
}

/** True while nothing is to be tried. */
export function isPaused(state: OutgoingState | undefined, now: Date): boolean {
  return state?.notBefore !== undefined && state.notBefore > now.toISOString();
}

/** True while the limits allow no more; its queue entry comes back by itself. */
export function isPaced(state: OutgoingState | undefined, now: Date): boolean {
  return state?.notBefore === undefined && state?.wakeAt !== undefined && state.wakeAt > now.toISOString();
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
  const { id, account: accountId = id } = server.value;
  const last = await Promise.all([...new Set([id, accountId])].map((tested) => tests.get(tested)));
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
