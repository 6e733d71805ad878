import { system } from '../../functions/access/caller.ts';
import { holdSecrets } from '../../functions/azure/hold-secrets.ts';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { createTableLeases } from '../../functions/azure/table-leases.ts';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import { createTableStates } from '../../functions/azure/table-states.ts';
import { deliverDue, type DeliverPorts } from '../../functions/events/deliver-due.ts';
import { newDelivery, type Delivery } from '../../functions/events/delivery.ts';
import { receivedEvent } from '../../functions/events/event.ts';
import type { Destination, DestinationState, Webhook } from '../../functions/events/destination.ts';
import type { Errand } from '../../functions/events/courier.ts';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';
import type { Message } from '../../functions/messages/message.ts';
import { rawNameOf, receivedIdOf, type ReceivedMessage } from '../../functions/received/received-message.ts';
import type { Call } from '../../functions/shared/call.ts';
import { createMemory } from '../../functions/shared/memory.ts';
import type { RawMail } from '../../functions/shared/raw-mail.ts';
import { createRoom } from '../../functions/shared/room.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { SecretStore } from '../../functions/shared/secret-store.ts';
import type { StorageForTest } from '../support/storage-for-test.ts';

export const destinationId = 'dst_aaaaaaaaaa';
const incomingServer = 'inc_aaaaaaaaaa';
const start = Date.parse('2026-11-22T12:00:00.000Z');

/** Delivering with the real tables and blobs, a clock of its own and a receiver in memory. */
export interface Delivering {
  readonly ports: DeliverPorts & { readonly secrets: SecretStore };
  readonly rawMail: RawMail;
  /** What the receiver got. */
  readonly posted: { readonly id: string; readonly url: string; readonly body: string; readonly at: Date }[];
  /** What the receiver does with a request; throws where it refuses. */
  receive: (errand: Errand<Webhook>) => void | Promise<void>;
  /** Entries of the queue, with their delay in seconds. */
  readonly queued: [string, number][];
  readonly secretsRead: string[];
  now(): Date;
  pass(seconds: number): void;
  call(signal?: AbortSignal): Call;
  /** A mail is received and is to be delivered. @returns the id of its event */
  receiveMail(subject: string): Promise<string>;
  deliver(signal?: AbortSignal): Promise<void>;
  deliveries(): Promise<Delivery[]>;
  state(): Promise<DestinationState | undefined>;
  expireLease(): Promise<void>;
  removeDestination(): Promise<void>;
}

export async function startDelivering(storage: StorageForTest): Promise<Delivering> {
  let time = start;
  let uid = 0;
  const now = (): Date => new Date(time);
  const leases = storage.newTable();
  const configuration = storage.newTable();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const never = new AbortController().signal;
  const call = (signal = never): Call => ({ id: 'call', caller: system, signal, log: silent, now });
  const refusedQueue = () => Promise.reject(new Error('Not asked for.'));

  const rawMail = storage.receivedMail(storage.newTable());
  const secrets: SecretStore = {
    get(name) {
      delivering.secretsRead.push(name);
      return Promise.resolve({ secret: new Secret('whsec_c2VjcmV0'), setAt: now() });
    },
    set: refusedQueue,
    remove: refusedQueue,
  };
  const ports: Delivering['ports'] = {
    destinations: createTableCollection<Destination>(configuration, 'destination'),
    destinationStates: createTableStates<DestinationState>(storage.newTable(), 'destination'),
    deliveries: createTableRecords<Delivery>(storage.newTable(), 'dlv'),
    received: createTableRecords<ReceivedMessage>(storage.newTable(), 'rcv'),
    leases: createTableLeases(leases),
    messages: createTableRecords<Message>(storage.newTable(), 'msg'),
    rawMail,
    recentMail: createMemory(1024 * 1024),
    room: createRoom(48 * 1024 * 1024),
    mimeParser,
    publicUrl: 'https://postern.example',
    secrets,
    heldSecrets: holdSecrets(secrets),
    queues: {
      send: refusedQueue,
      fetch: refusedQueue,
      deliver(destination, seconds = 0) {
        delivering.queued.push([destination, seconds]);
        return Promise.resolve();
      },
    },
    couriers: {
      async webhook(errand) {
        const { destination, parcel, now: at } = errand;
        delivering.posted.push({ id: parcel.id, url: destination.url, body: parcel.body, at });
        await delivering.receive(errand);
      },
      queue: refusedQueue,
      odoo: refusedQueue,
    },
  };

  const delivering: Delivering = {
    ports,
    rawMail,
    posted: [],
    receive: () => undefined,
    queued: [],
    secretsRead: [],
    now,
    pass(seconds) {
      time += seconds * 1000;
    },
    call,
    async receiveMail(subject) {
      const where = { incomingServer, place: 'here', folder: 'INBOX', uidValidity: 1, uid: ++uid };
      const raw = Buffer.from(`Subject: ${subject}\r\n\r\nx`);
      const id = receivedIdOf(where, now());
      const blob = rawNameOf(where, raw.length);
      await rawMail.putSmall([{ name: blob, content: raw }]);
      const flags = { autoReply: false, bounce: false, list: false, readReceipt: false };
      const at = now().toISOString();
      const about = { mailbox: 'ada@contoso.example', from: '', to: [], subject, size: raw.length, flags };
      const record = { ...where, ...about, id, blob, status: 'received' as const, createdAt: at, fetchedAt: at };
      await ports.received.add([{ record }]);
      const delivery = newDelivery(destinationId, receivedEvent(id, now()));
      await ports.deliveries.add([{ record: delivery, dueAt: delivery.createdAt }]);
      return delivery.event.id;
    },
    deliver: (signal) => deliverDue(call(signal), destinationId, ports),
    deliveries: async () => (await ports.deliveries.list({ owners: [destinationId], limit: 1000 })).data,
    state: () => ports.destinationStates.get(destinationId),
    async expireLease() {
      const row = { partitionKey: 'lease', rowKey: `deliver-${destinationId}`, until: '2000-01-01T00:00:00.000Z' };
      await leases.change([['upsert', row, 'Merge']]);
    },
    async removeDestination() {
      const stored = await ports.destinations.get(destinationId);
      if (stored) await ports.destinations.remove(destinationId, stored.etag);
    },
  };
  await ports.destinations.add(destinationId, {
    id: destinationId,
    kind: 'webhook',
    name: 'Receiver',
    url: 'https://receiver.example/hook',
    events: [],
    state: 'active',
    concurrency: 8,
    secretName: 'signing-secret',
    createdAt: now().toISOString(),
  });
  return delivering;
}
