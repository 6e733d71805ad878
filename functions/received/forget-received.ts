import { deliveryIdOf, type Delivery } from '../events/delivery.ts';
import type { Destination } from '../events/destination.ts';
import { receivedEvent } from '../events/event.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, ReadStates, States } from '../shared/collection.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import { readAgainSince } from './folder-cursor.ts';
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

const minute = 60_000;
const minutes = 60;
const day = 24 * 60 * minute;
const page = 100;
/** Mails of a server that are looked at in one go. */
const lookedAt = 2_000;

/** Forgets received mail that was kept for as long as its server says. Each server has its minute of the hour. */
export async function forgetReceived(call: Call, ports: Ports): Promise<void> {
  const turn = Math.floor(call.now().getTime() / minute) % minutes;
  const servers = (await ports.incomingServers.list()).map(({ value }) => value);
  for (const [index, server] of servers.entries()) {
    if (index % minutes === turn && typeof server.keepRawDays === 'number')
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
      if (row.status === 'parked' || row.fetchedAt >= before || mayBeReadAgain(row, server, state)) continue;
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

/** Mail that the reader has not passed yet, or would read again if the UIDs of its folder started anew, is known by its row. */
function mayBeReadAgain(row: ReceivedMessage, server: IncomingServer, state: IncomingState | undefined): boolean {
  if (row.mailbox.toLowerCase() !== server.mailbox.toLowerCase()) return false;
  const cursor = (state?.cursors ?? server.starts)?.find(({ folder }) => folder === row.folder);
  if (cursor === undefined) return false;
  const isAhead = row.uidValidity === cursor.uidValidity && row.uid > cursor.lastUid;
  return isAhead || row.createdAt >= readAgainSince(cursor);
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
