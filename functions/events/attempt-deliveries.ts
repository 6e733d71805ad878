import { openRaw, readReceived, type ReadPorts } from '../received/read-received.ts';
import { asReceived, type ReceivedMessage } from '../received/received-message.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import { causeOf, GatewayError, toGatewayError } from '../shared/errors.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import type { Records } from '../shared/records.ts';
import type { Secret } from '../shared/secret.ts';
import { handOver, type Couriers, type Parcel } from './courier.ts';
import { secretsOf, type Destination, type DestinationState } from './destination.ts';
import { isGone } from './disable-destination.ts';
import { delivered, notDelivered, type Delivery } from './delivery.ts';
import type { GatewayEvent } from './event.ts';
import { eventBody, receivedEventBody } from './event-body.ts';

export interface AttemptPorts extends ReadPorts {
  readonly destinationStates: States<DestinationState>;
  readonly received: Records<ReceivedMessage>;
  readonly heldSecrets: Pick<HeldSecrets, 'get'>;
  readonly couriers: Couriers;
  readonly publicUrl: string;
}

/** What attempts have come to. */
export interface Attempted {
  /** The deliveries that were attempted, as they are now. */
  readonly outcomes: readonly Delivery[];
  /** How the destination said that it wants nothing any more. */
  readonly gone?: GatewayError;
  /** One of them took more than two seconds. */
  readonly isSlow: boolean;
}

const slowFrom = 2_000;

/**
 * Attempts deliveries to a destination, as many at the same time as it takes. Of a destination that takes nothing the
 * rest is not attempted, nor what comes after `isOver`.
 * @throws GatewayError `secrets-unavailable` when its secret is gone, and what our storage throws; before any attempt
 */
export async function attemptDeliveries(
  call: Call,
  destination: Destination,
  deliveries: readonly Delivery[],
  isOver: () => boolean,
  ports: AttemptPorts,
): Promise<Attempted> {
  const [secrets, mails] = await Promise.all([readSecrets(call, destination, ports), readMails(deliveries, ports)]);
  const outcomes: Delivery[] = [];
  const left = [...deliveries];
  let gone: GatewayError | undefined;
  let isSlow = false;

  /** Answers undefined when the time was over before the destination had answered: that is not its fault. */
  async function attempt(delivery: Delivery): Promise<Delivery | undefined> {
    try {
      const parcel = await parcelOf(delivery.event, mails, ports);
      await handOver({ destination, parcel, secrets, signal: call.signal, now: call.now() }, ports.couriers);
      return delivered(delivery, call.now());
    } catch (thrown) {
      if (call.signal.aborted) return undefined;
      const error = toGatewayError(thrown);
      if (isGone(destination, error)) gone = error;
      const outcome = notDelivered(delivery, error, call.now(), Math.random());
      const said = outcome.status === 'parked' ? 'A delivery was given up.' : 'An event was not delivered.';
      const facts = { delivery: delivery.id, destination: destination.id, code: error.code, cause: error.cause };
      call.log.warn(said, facts);
      return outcome;
    }
  }

  async function work(): Promise<void> {
    while (!isOver()) {
      const next = left.shift();
      if (next === undefined) return;
      const began = call.now().getTime();
      const outcome = await attempt(next);
      isSlow ||= call.now().getTime() - began > slowFrom;
      if (outcome !== undefined) outcomes.push(outcome);
      if (!outcomes.some(({ status }) => status === 'delivered')) return;
    }
  }

  await Promise.all(Array.from({ length: destination.concurrency }, work));
  return { outcomes, isSlow, ...(gone !== undefined && { gone }) };
}

/** The secrets that count now. A former one may be gone already. */
async function readSecrets(call: Call, destination: Destination, ports: AttemptPorts): Promise<Secret[]> {
  const [own, former] = secretsOf(destination);
  const stillCounts = destination.kind === 'webhook' && call.now().toISOString() < (destination.former?.until ?? '');
  const names = [...(own === undefined ? [] : [own]), ...(stillCounts && former !== undefined ? [former] : [])];
  const secrets = await Promise.all(names.map((name) => ports.heldSecrets.get(name)));
  if (own !== undefined && secrets[0] === undefined) {
    const gone = new GatewayError('secrets-unavailable', `The secret of ${destination.id} is gone.`);
    const before = await ports.destinationStates.get(destination.id);
    await ports.destinationStates.put(destination.id, { ...before, lastError: causeOf(gone, call.now()) });
    throw gone;
  }
  return secrets.filter((secret) => secret !== undefined);
}

/** The ledger's rows of the mail that is to be delivered. */
async function readMails(
  deliveries: readonly Delivery[],
  { received, recentMail }: AttemptPorts,
): Promise<ReadonlyMap<string, ReceivedMessage>> {
  const ids = deliveries.flatMap(({ event }) => (event.data === undefined ? [event.about] : []));
  const recent = ids.flatMap((id) => recentMail.get(id)?.row ?? []);
  const rows = new Map(recent.map((row) => [row.id, row]));
  return new Map([...rows, ...(await received.among(ids.filter((id) => !rows.has(id))))]);
}

async function parcelOf(
  event: GatewayEvent,
  mails: ReadonlyMap<string, ReceivedMessage>,
  ports: AttemptPorts,
): Promise<Parcel> {
  if (event.data !== undefined) return { id: event.id, body: eventBody(event) };
  const kept = mails.get(event.about);
  if (kept === undefined) throw new GatewayError('not-found', `${event.about} is gone.`);
  // Parked mail that is replayed is noted as received just after this could be due.
  const row = asReceived(kept);
  const body = receivedEventBody(event, await readReceived(row, ports), ports.publicUrl);
  return { id: event.id, body, mail: { size: row.size, open: () => openRaw(row, ports) } };
}

/** Notes for people how attempts went. */
export async function noteOutcomes(
  call: Call,
  { id }: Destination,
  { outcomes, isSlow }: Attempted,
  { destinationStates }: Pick<AttemptPorts, 'destinationStates'>,
): Promise<void> {
  const isTaken = outcomes.some(({ status }) => status === 'delivered');
  const refusal = outcomes.find(({ cause }) => cause !== undefined)?.cause;
  const before = isTaken ? undefined : await destinationStates.get(id);
  const lastDeliveredAt = isTaken ? call.now().toISOString() : before?.lastDeliveredAt;
  await destinationStates.put(id, {
    ...(lastDeliveredAt !== undefined && { lastDeliveredAt }),
    ...(refusal !== undefined && { lastError: refusal }),
    ...(isSlow && { isSlow }),
  });
}
