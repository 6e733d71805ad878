import type { Message } from '../messages/message.ts';
import type { Forgotten } from '../received/forget-received.ts';
import { cursorOver, mayBeReadAgain } from '../received/read-again.ts';
import type { ReceivedMessage } from '../received/received-message.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Collection, ReadStates } from '../shared/collection.ts';
import { keyOf, ownerKeyOf, timeOfRecord } from '../shared/ids.ts';
import type { Records } from '../shared/records.ts';
import type { GatewayEvent } from './event.ts';

export interface RaisedAgainPorts {
  readonly messages: Records<Message>;
  readonly received: Records<ReceivedMessage>;
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: ReadStates<IncomingState>;
  readonly forgotten: ReadStates<Forgotten>;
}

/** What is known of the servers that read mail, by the keys of their ids. */
interface Reader {
  readonly server: IncomingServer;
  readonly state: IncomingState | undefined;
  readonly forgotten: Forgotten | undefined;
}

/**
 * Tells which of some events may be raised again, by their ids. Those of a message may as long as it is there: a report of
 * its recipients may be read again. Those of a mail may as long as the mail may be read again: because the reader died
 * before it was past it, or its folder's UIDs start anew, or an audit misses it. All others are raised again at once or never.
 */
export function createRaisedAgain(
  ports: RaisedAgainPorts,
): (events: readonly GatewayEvent[]) => Promise<ReadonlySet<string>> {
  let known: Promise<ReadonlyMap<string, Reader>> | undefined;

  async function readMails(events: readonly GatewayEvent[]): Promise<GatewayEvent[]> {
    const ofMail = events.filter(({ about }) => about.startsWith('rcv_'));
    if (ofMail.length === 0) return [];
    known ??= listReaders(ports);
    const [readers, mails] = await Promise.all([known, ports.received.among(ofMail.map(({ about }) => about))]);
    return ofMail.filter(({ about }) => {
      const reader = readers.get(ownerKeyOf(about, 'rcv') ?? '');
      return reader !== undefined && isReadAgain(about, mails.get(about), reader);
    });
  }

  return async (events) => {
    const ofMessages = events.filter(({ about }) => about.startsWith('msg_'));
    const messages = await ports.messages.among(ofMessages.map(({ about }) => about));
    const held = [...ofMessages.filter(({ about }) => messages.has(about)), ...(await readMails(events))];
    return new Set(held.map(({ id }) => id));
  };
}

async function listReaders({ incomingServers, incomingStates, forgotten }: RaisedAgainPorts) {
  const [servers, states, all] = await Promise.all([incomingServers.list(), incomingStates.list(), forgotten.list()]);
  return new Map(
    servers.map(({ value: server }): [string, Reader] => [
      keyOf(server.id),
      { server, state: states.get(server.id), forgotten: all.get(server.id) },
    ]),
  );
}

function isReadAgain(id: string, row: ReceivedMessage | undefined, { server, state, forgotten }: Reader): boolean {
  // An audit misses no mail that arrived before what is forgotten. Dates of arrival may be wrong, even in the future.
  if (row === undefined) return timeOfRecord(id).toISOString() >= (forgotten?.before ?? '');
  const cursor = cursorOver(row, server, state);
  // A folder or mailbox that is not read now may be read once more from the time its server says.
  return cursor === undefined || mayBeReadAgain(row, cursor);
}
