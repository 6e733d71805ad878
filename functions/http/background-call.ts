import type { InvocationContext } from '@azure/functions';
import { system } from '../access/caller.ts';
import type { Call } from '../shared/call.ts';
import { createLog } from './log.ts';

// A minute less than host.json's functionTimeout, past which the host ends the whole process.
const backgroundDeadline = 14 * 60_000;

/** The call that a timer or a queue makes. */
export function backgroundCall(context: InvocationContext): Call {
  return {
    id: context.invocationId,
    caller: system,
    signal: AbortSignal.timeout(backgroundDeadline),
    log: createLog(context),
    now: () => new Date(),
  };
}
