import { deliveryIdOf, type Delivery } from '../events/delivery.ts';
import type { Destination } from '../events/destination.ts';
import { receivedEvent } from '../events/event.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, ReadStates, States } from '../shared/collection.ts';
import { ofThisMinute } from '../shared/of-this-minute.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import { cursorOver, mayBeReadAgain } from './read-again.ts';
import type { ReceivedMessage } from './received-message.ts';

/** What has been forgotten of a server. */
export interface Forgotten {
  /** Of mail that arrived before this time (ISO 8601) the ledger may lack some; empty: of none. */
  readonly before: string;
  /** Where the last sweep stopped in the ledger; left out: at its end. */
  readonly cursor?: string;
}

interface Ports {
  readonly forgotten: States<Forgotten>;
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: ReadStates<IncomingState>;
  readonly destinations: Collection<Destination>;
  readonly received: Records<ReceivedMessage>;
  readonly deliveries: Records<Delivery>;
  readonly rawMail: RawMail;
}

const day = 24 * 3_600_000;
const page = 100;
/** Mails of a server that are looked at in one go. */
const lookedAt = 2_000;

/** Forgets received mail that was kept for as long as its server says. Each server has its minute of the hour. */
export async function forgetReceived(call: Call, ports: Ports): Promise<void> {
  for (const { value: server } of ofThisMinute(await ports.incomingServers.list(), call.now())) {
    if (typeof server.keepRawDays === 'number')
      await forgetOld(call, server, new Date(call.now().getTime() - server.keepRawDays * day).toISOString(), ports);
  }
}

/** Forgets mail that was received before a time: the bytes first, so that no crash leaves bytes that nobody knows of. */
async function forgetOld(call: Call, server: IncomingServer, before: string, ports: Ports): Promise<void> {
  const state = await ports.incomingStates.get(server.id);
  const destinations = (await ports.destinations.list()).map(({ value }) => value.id);
  let forgotten = (await ports.forgotten.get(server.id)) ?? { before: '' };
  const note = async (changed: Forgotten): Promise<void> => {
    forgotten = changed;
    await ports.forgotten.put(server.id, changed);
  };
  // What is held must not keep the sweep from what lies behind it.
  let { cursor } = forgotten;
  for (let looked = 0; looked < lookedAt; looked += page) {
    const old = await ports.received.list({ owners: [server.id], before, cursor, limit: page });
    for (const row of old.data) {
      if (call.signal.aborted) return;
      // What is parked waits for somebody's word, however long.
      if (row.status === 'parked' || row.fetchedAt >= before) continue;
      // What the reader may meet again is known by its row.
      const at = cursorOver(row, server, state);
      if (at !== undefined && mayBeReadAgain(row, at)) continue;
      if (await isUndelivered(row, destinations, ports.deliveries)) continue;
      // Noted before anything is gone, so that nobody takes it for missing.
      if (forgotten.before < before) await note({ ...forgotten, before });
      await ports.rawMail.remove(row.blob);
      await ports.received.remove(row.id);
    }
    cursor = old.nextCursor ?? undefined;
    if (cursor === undefined) break;
  }
  if (cursor !== forgotten.cursor) await note({ before: forgotten.before, ...(cursor !== undefined && { cursor }) });
}

/** What was given up is not delivered either: somebody may mend its destination and deliver it by hand. */
async function isUndelivered(
  { id, fetchedAt }: ReceivedMessage,
  destinations: readonly string[],
  deliveries: Records<Delivery>,
): Promise<boolean> {
  const event = receivedEvent(id, new Date(fetchedAt));
  for (const destination of destinations) {
    const delivery = await deliveries.get(deliveryIdOf(destination, event));
    if (delivery !== undefined && delivery.status !== 'delivered') return true;
  }
  return false;
}
