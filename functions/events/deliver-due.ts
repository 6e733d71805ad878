import { openRaw, readReceived, type ReadPorts } from '../received/read-received.ts';
import { asReceived, type ReceivedMessage } from '../received/received-message.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, States } from '../shared/collection.ts';
import { causeOf, GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Leases } from '../shared/lease.ts';
import type { Job, Records, Step } from '../shared/records.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { handOver, type Couriers, type Parcel } from './courier.ts';
import { secretsOf, type Destination, type DestinationState } from './destination.ts';
import { disableGone, isGone } from './disable-destination.ts';
import { delivered, notDelivered, type Delivery } from './delivery.ts';
import type { GatewayEvent } from './event.ts';
import { eventBody, receivedEventBody } from './event-body.ts';
import { parkLeftovers } from './park-leftovers.ts';

export interface DeliverPorts extends ReadPorts {
  readonly destinations: Collection<Destination>;
  readonly destinationStates: States<DestinationState>;
  readonly deliveries: Records<Delivery>;
  readonly received: Records<ReceivedMessage>;
  readonly secrets: SecretStore;
  readonly leases: Leases;
  readonly queues: WorkQueues;
  readonly couriers: Couriers;
  readonly publicUrl: string;
}

const second = 1000;
/** No batch is begun after this; the rest is queued again. */
const deliverFor = 5 * 60 * second;
/** Deliveries of which the outcomes are kept together, at most: what a transaction takes, and what a slow destination takes soon. */
const keptAtOnce = 30;
const rounds = 4;
/** What is due again within this time is queued for that moment; the rest is found by the timer that looks for it. */
const queuedAhead = 60 * second;

/**
 * Makes a destination's deliveries that are due, alone across all instances. At least once: after a crash in the middle
 * an event may come again, with the same id. A destination that takes nothing is left alone for a while.
 */
export async function deliverDue(call: Call, destinationId: string, ports: DeliverPorts): Promise<void> {
  const lease = await ports.leases.take(`deliver-${destinationId}`);
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
  const now = call.now().getTime();
  if (!released && !takesNothing) await ports.queues.deliver(destinationId);
  else if (run.dueAgainAt() < now + queuedAhead) {
    await ports.queues.deliver(destinationId, Math.max(Math.ceil((run.dueAgainAt() - now) / second), 1));
  }
}

type Batch = 'nothing due' | 'taken' | 'nothing taken';

function createRun(call: Call, destinationId: string, ports: DeliverPorts) {
  const known = new Map<string, Secret>();
  let dueAgainAt = Number.POSITIVE_INFINITY;
  let gone: GatewayError | undefined;

  async function deliverBatch(): Promise<Batch> {
    const stored = await ports.destinations.get(destinationId);
    if (stored === undefined) {
      await parkLeftovers(call, destinationId, ports);
      return 'nothing due';
    }
    const destination = stored.value;
    if (destination.state === 'disabled') return 'nothing due';
    const { concurrency } = destination;
    const jobs = await ports.deliveries.due(destinationId, call.now(), Math.min(concurrency * rounds, keptAtOnce));
    if (jobs.length === 0) return 'nothing due';
    const [secrets, mails] = await Promise.all([readSecrets(destination), readMails(jobs)]);
    const steps = await attemptEach(jobs, concurrency, (job) => attempt(job, mails, destination, secrets));
    // Whoever changed them meanwhile is delivering them too.
    if (steps.length === 0 || (await ports.deliveries.step(steps)) === undefined) return 'nothing taken';
    if (gone !== undefined) {
      await disableGone(call, stored, gone, ports);
      // Of this batch alone: somebody may enable it before the next.
      gone = undefined;
    }
    return note(steps);
  }

  /** The secrets that count now. A former one may be gone already. */
  async function readSecrets(destination: Destination): Promise<Secret[]> {
    const [own, former] = secretsOf(destination);
    const stillCounts = destination.kind === 'webhook' && call.now().toISOString() < (destination.former?.until ?? '');
    const names = [...(own === undefined ? [] : [own]), ...(stillCounts && former !== undefined ? [former] : [])];
    const secrets = await Promise.all(names.map(readSecret));
    if (own !== undefined && secrets[0] === undefined) {
      const gone = new GatewayError('secrets-unavailable', `The secret of ${destinationId} is gone.`);
      const before = await ports.destinationStates.get(destinationId);
      await ports.destinationStates.put(destinationId, { ...before, lastError: causeOf(gone, call.now()) });
      throw gone;
    }
    return secrets.filter((secret) => secret !== undefined);
  }

  async function readSecret(name: string): Promise<Secret | undefined> {
    const secret = known.get(name) ?? (await ports.secrets.get(name))?.secret;
    if (secret !== undefined) known.set(name, secret);
    return secret;
  }

  /** The ledger's rows of the mail that is to be delivered. */
  function readMails(jobs: readonly Job<Delivery>[]): Promise<ReadonlyMap<string, ReceivedMessage>> {
    const events = jobs.map(({ record }) => record.event);
    return ports.received.among(events.filter(({ data }) => data === undefined).map(({ about }) => about));
  }

  /** Answers undefined when the time was over before the destination had answered: that is not its fault. */
  async function attempt(
    job: Job<Delivery>,
    mails: ReadonlyMap<string, ReceivedMessage>,
    destination: Destination,
    secrets: readonly Secret[],
  ): Promise<Step<Delivery> | undefined> {
    try {
      const parcel = await parcelOf(job.record.event, mails);
      await handOver({ destination, parcel, secrets, signal: call.signal, now: call.now() }, ports.couriers);
      return stepTo(job, delivered(job.record, call.now()));
    } catch (thrown) {
      if (call.signal.aborted) return undefined;
      const error = toGatewayError(thrown);
      if (isGone(destination, error)) gone = error;
      const record = notDelivered(job.record, error, call.now(), Math.random());
      const said = record.status === 'parked' ? 'A delivery was given up.' : 'An event was not delivered.';
      const facts = { delivery: record.id, destination: destinationId, code: error.code, cause: error.cause };
      call.log.warn(said, facts);
      return stepTo(job, record);
    }
  }

  async function parcelOf(event: GatewayEvent, mails: ReadonlyMap<string, ReceivedMessage>): Promise<Parcel> {
    if (event.data !== undefined) return { id: event.id, body: eventBody(event) };
    const kept = mails.get(event.about);
    if (kept === undefined) throw new GatewayError('not-found', `${event.about} is gone.`);
    // Parked mail that is replayed is noted as received just after this could be due.
    const row = asReceived(kept);
    const body = receivedEventBody(event, await readReceived(row, ports), ports.publicUrl);
    return { id: event.id, body, mail: { size: row.size, open: () => openRaw(row, ports) } };
  }

  /** Notes what a batch has come to, for people and for this run. */
  async function note(steps: readonly Step<Delivery>[]): Promise<Batch> {
    const taken = steps.filter(({ record }) => record.status === 'delivered');
    const refusal = steps.find(({ record }) => record.cause !== undefined)?.record.cause;
    const before = taken.length > 0 ? undefined : await ports.destinationStates.get(destinationId);
    const lastDeliveredAt = taken.length > 0 ? call.now().toISOString() : before?.lastDeliveredAt;
    await ports.destinationStates.put(destinationId, {
      ...(lastDeliveredAt !== undefined && { lastDeliveredAt }),
      ...(refusal !== undefined && { lastError: refusal }),
    });
    const again = steps.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [Date.parse(dueAt)]));
    dueAgainAt = Math.min(dueAgainAt, ...again);
    return taken.length === 0 && again.length > 0 ? 'nothing taken' : 'taken';
  }

  return { deliverBatch, dueAgainAt: (): number => dueAgainAt };
}

/** Attempts jobs, so many at the same time. A destination of which nothing has been taken yet is not asked for more. */
async function attemptEach(
  jobs: readonly Job<Delivery>[],
  concurrency: number,
  attempt: (job: Job<Delivery>) => Promise<Step<Delivery> | undefined>,
): Promise<Step<Delivery>[]> {
  const steps: Step<Delivery>[] = [];
  const left = [...jobs];
  const work = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      const step = await attempt(job);
      if (step !== undefined) steps.push(step);
      if (!steps.some(({ record }) => record.status === 'delivered')) return;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return steps;
}

function stepTo(job: Job<Delivery>, record: Delivery): Step<Delivery> {
  return { job, record, dueAt: record.nextAttemptAt };
}
