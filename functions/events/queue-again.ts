import type { Call } from '../shared/call.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { Delivery } from './delivery.ts';

const second = 1000;
/** What is due again within this time is queued for that moment; the rest is found by the timer that looks for it. */
const queuedAhead = 60 * second;

/** Has a destination's deliveries that were attempted made again when the first of them is due. */
export async function queueAgain(
  call: Call,
  destinationId: string,
  attempted: readonly Delivery[],
  { queues }: { readonly queues: WorkQueues },
): Promise<void> {
  const times = attempted.flatMap(({ nextAttemptAt }) =>
    nextAttemptAt === undefined ? [] : [Date.parse(nextAttemptAt)],
  );
  const wait = Math.min(...times) - call.now().getTime();
  if (wait < queuedAhead) await queues.deliver(destinationId, Math.max(Math.ceil(wait / second), 1));
}
