import { setTimeout as sleep } from 'node:timers/promises';
import type { Invoker, TriggerData } from './invoker.ts';
import { messageOf } from './log.ts';
import type { FunctionMetadata, RetryOptions } from './rpc.ts';

/**
 * Runs a function and, when it has a retry policy, runs it again after a failure; -1 retries are without end. Rejects with
 * the last failure. Aborting `signal` ends the waiting, not a run.
 */
export async function runWithRetries(
  invoker: Invoker,
  metadata: FunctionMetadata,
  trigger: TriggerData,
  signal: AbortSignal,
): Promise<void> {
  const policy = metadata.retryOptions;
  const maxRetryCount = policy?.maxRetryCount ?? 0;
  for (let retryCount = 0, exception: { message: string } | undefined; ; retryCount += 1) {
    try {
      const retry = exception && { retryCount, maxRetryCount, exception };
      await invoker.run(metadata, { ...trigger, retry });
      return;
    } catch (error) {
      const exhausted = maxRetryCount >= 0 && retryCount >= maxRetryCount;
      if (policy === undefined || exhausted) throw error;
      exception = { message: messageOf(error) };
      const waited = await sleep(delayBefore(policy, retryCount + 1), true, { signal }).catch(() => false);
      if (!waited) throw error;
    }
  }
}

/** Milliseconds before the n-th retry. */
function delayBefore(policy: RetryOptions, retry: number): number {
  if (policy.retryStrategy === 'fixedDelay') return (policy.delayInterval?.seconds ?? 0) * 1000;
  const minimum = (policy.minimumInterval?.seconds ?? 0) * 1000;
  const maximum = (policy.maximumInterval?.seconds ?? 0) * 1000;
  return Math.min(maximum, minimum * 2 ** (retry - 1) * (1 + Math.random() * 0.2));
}
