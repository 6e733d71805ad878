import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import type { Leases } from '../shared/lease.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { attemptDeliveries, noteOutcomes, type AttemptPorts } from './attempt-deliveries.ts';
import type { Delivery } from './delivery.ts';
import type { Destination } from './destination.ts';
import { disableGone } from './disable-destination.ts';
import { parkLeftovers } from './park-leftovers.ts';
import { queueAgain } from './queue-again.ts';

export interface DeliverPorts extends AttemptPorts {
  readonly destinations: Collection<Destination>;
  readonly deliveries: Records<Delivery>;
  readonly leases: Leases;
  readonly queues: WorkQueues;
}

/** No batch is begun after this; the rest is queued again. */
const deliverFor = 5 * 60_000;
/** Deliveries of which the outcomes are kept together, at most: what a transaction takes, and what a slow destination takes soon. */
const keptAtOnce = 30;
const rounds = 4;

/** The lease of whoever delivers to a destination. */
export function deliveryLeaseOf(destinationId: string): string {
  return `deliver-${destinationId}`;
}

/**
 * Makes a destination's deliveries that are due, alone across all instances. At least once: after a crash in the middle
 * an event may come again, with the same id. A destination that takes nothing is left alone for a while.
 */
export async function deliverDue(call: Call, destinationId: string, ports: DeliverPorts): Promise<void> {
  const lease = await ports.leases.take(deliveryLeaseOf(destinationId));
  if (lease === undefined) return;
  const until = call.now().getTime() + deliverFor;
  const run = createRun({ ...call, signal: AbortSignal.any([call.signal, lease.signal]) }, destinationId, ports);
  const isOver = (): boolean => lease.signal.aborted || call.signal.aborted || call.now().getTime() > until;
  let released = false;
  let takesNothing = false;
  try {
    while (!released && !takesNothing && !isOver()) {
      const batch = await run.deliverBatch();
      takesNothing = batch === 'nothing taken';
      released = batch === 'nothing due' && (await lease.release());
    }
  } finally {
    if (!released) await lease.drop();
  }
  if (!released && !takesNothing) await ports.queues.deliver(destinationId);
  else await queueAgain(call, destinationId, run.dueAgain(), ports);
}

type Batch = 'nothing due' | 'taken' | 'nothing taken';

function createRun(call: Call, destinationId: string, ports: DeliverPorts) {
  const dueAgain: Delivery[] = [];

  async function deliverBatch(): Promise<Batch> {
    const stored = await ports.destinations.get(destinationId);
    if (stored === undefined) {
      await parkLeftovers(call, destinationId, ports);
      return 'nothing due';
    }
    const destination = stored.value;
    if (destination.state === 'disabled') return 'nothing due';
    const atOnce = Math.min(destination.concurrency * rounds, keptAtOnce);
    const jobs = await ports.deliveries.due(destinationId, call.now(), atOnce);
    if (jobs.length === 0) return 'nothing due';
    const pending = jobs.map(({ record }) => record);
    const attempted = await attemptDeliveries(call, destination, pending, () => false, ports);
    const { outcomes, gone } = attempted;
    const steps = jobs.flatMap((job) => {
      const record = outcomes.find(({ id }) => id === job.record.id);
      return record === undefined ? [] : [{ job, record, dueAt: record.nextAttemptAt }];
    });
    // Whoever changed them meanwhile is delivering them too.
    if (steps.length === 0 || (await ports.deliveries.step(steps)) === undefined) return 'nothing taken';
    if (gone !== undefined) await disableGone(call, stored, gone, ports);
    await noteOutcomes(call, destination, attempted, ports);
    const again = outcomes.filter(({ nextAttemptAt }) => nextAttemptAt !== undefined);
    dueAgain.push(...again);
    const isTaken = outcomes.some(({ status }) => status === 'delivered');
    return !isTaken && again.length > 0 ? 'nothing taken' : 'taken';
  }

  return { deliverBatch, dueAgain: (): readonly Delivery[] => dueAgain };
}
