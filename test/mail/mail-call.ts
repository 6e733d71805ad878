import { system } from '../../functions/access/caller.ts';
import type { Call } from '../../functions/shared/call.ts';

/** A call with time enough, or one that ends with this signal. */
export function mailCall(signal: AbortSignal = new AbortController().signal): Call {
  const quiet = (): void => undefined;
  return {
    id: 'call',
    caller: system,
    signal,
    log: { info: quiet, warn: quiet, error: quiet },
    now: () => new Date(),
  };
}
