import { newEvent, type GatewayEvent } from '../events/event.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import { backOff } from '../shared/back-off.ts';
import { causeOf, type ErrorCode, type GatewayError } from '../shared/errors.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const failureSteps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute];
/** How many failures in a row are told. */
const toldAt = 3;
const disabledAfter = 5 * day;
/** Days in which hardly anybody looked say nothing: the app may have been stopped. */
const disabledAtLeastAt = 50;

/** What a consent, the app registration or our own services mend, and for all their servers at once: that is waited for. */
const notTheServers: readonly ErrorCode[] = [
  'account-not-connected',
  'reauth-required',
  'app-not-configured',
  'app-credential-refused',
  'sign-in-blocked',
  'sign-in-unavailable',
  'secrets-unavailable',
  'storage-unavailable',
];

/** What is kept after a mailbox could not be read; `chance` (0 to 1) spreads the next tries. */
export function afterFailure(now: Date, state: IncomingState, error: GatewayError, chance: number): IncomingState {
  const { ownFailuresSince, ...rest } = state;
  const failures = state.failures + 1;
  const wait = Math.max(backOff(failureSteps, failures, chance), (error.data.retryAfter ?? 0) * 1000);
  const at = now.toISOString();
  return {
    ...rest,
    failures,
    failingSince: state.failingSince ?? at,
    ...(!notTheServers.includes(error.code) && { ownFailuresSince: ownFailuresSince ?? at }),
    lastError: causeOf(error, now),
    nextFetchAt: new Date(now.getTime() + wait).toISOString(),
  };
}

/** The state without the failures from before the server was confirmed last: they count no longer. */
export function sinceConfirmed(state: IncomingState, { confirmedAt = '' }: IncomingServer): IncomingState {
  if (state.failingSince === undefined || state.failingSince >= confirmedAt) return state;
  const { failingSince, ownFailuresSince, ...rest } = state;
  return { ...rest, failures: 0 };
}

/**
 * The event that a server keeps failing, at the failure that makes it so. It is made of when that began, so that it is
 * the same however often that failure is met.
 */
export function failingEvent(server: IncomingServer, state: IncomingState): GatewayEvent | undefined {
  const { failures, failingSince } = state;
  if (failures !== toldAt || failingSince === undefined) return undefined;
  return newEvent('incoming.failing', server.id, new Date(failingSince), dataOf(server, state));
}

/** The event that a server is to be disabled; undefined while there is hope. */
export function disabledEvent(now: Date, server: IncomingServer, state: IncomingState): GatewayEvent | undefined {
  const { failures, ownFailuresSince } = state;
  if (ownFailuresSince === undefined || failures < disabledAtLeastAt) return undefined;
  if (now.getTime() - Date.parse(ownFailuresSince) < disabledAfter) return undefined;
  const data = {
    ...dataOf({ ...server, state: 'disabled' }, state),
    confirmPath: `/v1/incoming-servers/${server.id}/confirm`,
  };
  return newEvent('incoming.disabled', server.id, now, data);
}

function dataOf({ id, name, mailbox, state }: IncomingServer, { failingSince, failures, lastError }: IncomingState) {
  return { ...{ id, name, mailbox, state }, failures, failingSince, cause: lastError };
}
