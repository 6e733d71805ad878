import type { MimeParser } from '../received/parse-mime.ts';
import { readReceived } from '../received/read-received.ts';
import type { ReceivedMessage } from '../received/received-message.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, States } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Leases } from '../shared/lease.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Job, Records, Step } from '../shared/records.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { Destination, DestinationState } from './destination.ts';
import { delivered, notDelivered, type Delivery } from './delivery.ts';
import { receivedEventBody } from './event-body.ts';
import type { PostWebhook } from './webhook-poster.ts';

interface Ports {
  readonly destinations: Collection<Destination>;
  readonly destinationStates: States<DestinationState>;
  readonly deliveries: Records<Delivery>;
  readonly received: Records<ReceivedMessage>;
  readonly rawMail: RawMail;
  readonly mimeParser: MimeParser;
  readonly secrets: SecretStore;
  readonly leases: Leases;
  readonly queues: WorkQueues;
  readonly postWebhook: PostWebhook;
  readonly publicUrl: string;
}

/** Requests to one destination at the same time. */
const atOnce = 8;
/** No batch is begun after this; the rest is queued again. */
const deliverFor = 5 * 60_000;

/**
 * Makes a destination's deliveries that are due. At least once: after a crash in the middle an event may come again,
 * with the same id.
 */
export async function deliverDue(call: Call, destinationId: string, ports: Ports): Promise<void> {
  const lease = await ports.leases.take(`deliver-${destinationId}`);
  if (lease === undefined) return;
  const bounded: Call = { ...call, signal: AbortSignal.any([call.signal, lease.signal]) };
  const until = call.now().getTime() + deliverFor;
  const isOver = (): boolean => bounded.signal.aborted || call.now().getTime() > until;
  let released = false;
  try {
    while (!released && !isOver()) {
      const more = await deliverBatch(bounded, destinationId, ports);
      released = !more && (await lease.release());
    }
  } finally {
    if (!released) await lease.drop();
  }
  if (!released) await ports.queues.deliver(destinationId);
}

/** Answers whether there may be more that is due. */
async function deliverBatch(call: Call, destinationId: string, ports: Ports): Promise<boolean> {
  const destination = (await ports.destinations.get(destinationId))?.value;
  if (destination === undefined) return false;
  const jobs = await ports.deliveries.due(destinationId, call.now(), atOnce);
  if (jobs.length === 0) return false;
  const signing = await ports.secrets.get(destination.secretName);
  if (signing === undefined)
    throw new GatewayError('secrets-unavailable', `The signing secret of ${destinationId} is gone.`);
  const target: Target = { url: destination.url, secret: signing.secret };
  const steps = await Promise.all(jobs.map((job) => attempt(call, job, target, ports)));
  await ports.deliveries.step(steps);
  const refusal = steps.find(({ record }) => record.cause !== undefined)?.record.cause;
  const state = refusal === undefined ? { lastDeliveredAt: call.now().toISOString() } : { lastError: refusal };
  await ports.destinationStates.put(destinationId, state);
  return true;
}

interface Target {
  readonly url: string;
  readonly secret: Secret;
}

async function attempt(call: Call, job: Job<Delivery>, target: Target, ports: Ports): Promise<Step<Delivery>> {
  const { event } = job.record;
  try {
    const row = await ports.received.get(event.about);
    if (row === undefined) throw new GatewayError('not-found', `${event.about} is gone.`);
    const body = receivedEventBody(event, await readReceived(row, ports), ports.publicUrl);
    await ports.postWebhook({ ...target, id: event.id, body }, call.signal, call.now());
    return stepTo(job, delivered(job.record, call.now()));
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('An event was not delivered.', { delivery: job.record.id, code: error.code, cause: error.cause });
    return stepTo(job, notDelivered(job.record, error, call.now(), Math.random()));
  }
}

function stepTo(job: Job<Delivery>, record: Delivery): Step<Delivery> {
  return { job, record, dueAt: record.nextAttemptAt };
}
