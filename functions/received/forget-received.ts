import { deliveryIdOf, type Delivery } from '../events/delivery.ts';
import type { Destination } from '../events/destination.ts';
import { receivedEvent } from '../events/event.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, ReadStates } from '../shared/collection.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import { readAgainSince } from './folder-cursor.ts';
import type { ReceivedMessage, ReceivedStatus } from './received-message.ts';

interface Ports {
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
/** What is parked waits for somebody's word, however long. */
const forgotten: readonly ReceivedStatus[] = ['received', 'dropped'];
/** Mails of a server that are looked at in one go, of each status. */
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
  for (const status of forgotten) {
    let cursor: string | undefined;
    for (let looked = 0; looked < lookedAt; looked += page) {
      const old = await ports.received.list({ owners: [server.id], status, before, cursor, limit: page });
      for (const row of old.data) {
        if (call.signal.aborted) return;
        if (row.fetchedAt >= before || mayBeReadAgain(row, server, state)) continue;
        if (await isUndelivered(row, destinations, ports.deliveries)) continue;
        await ports.rawMail.remove(row.blob);
        await ports.received.remove(row.id);
      }
      if (old.nextCursor === null) break;
      cursor = old.nextCursor;
    }
  }
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
