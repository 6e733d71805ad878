import type { Message } from '../messages/message.ts';
import { cursorOver, mayBeReadAgain } from '../received/read-again.ts';
import type { ReceivedMessage } from '../received/received-message.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Collection, ReadStates } from '../shared/collection.ts';
import type { Records } from '../shared/records.ts';
import type { GatewayEvent } from './event.ts';

export interface RaisedAgainPorts {
  readonly messages: Records<Message>;
  readonly received: Records<ReceivedMessage>;
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: ReadStates<IncomingState>;
}

interface Reader {
  readonly server: IncomingServer;
  readonly state: IncomingState | undefined;
}

/**
 * Tells which of some events may be raised again, by their ids. Those of a message may as long as it is there: a report of
 * its recipients may be read again. Those of a mail may as long as its row is there and the mail may be read again: because
 * its reader died before it was past it, or its folder's UIDs start anew. What was forgotten is read by nobody, no audit
 * misses it. All others are raised again at once or never.
 */
export function createRaisedAgain(
  ports: RaisedAgainPorts,
): (events: readonly GatewayEvent[]) => Promise<ReadonlySet<string>> {
  // A reader only goes further meanwhile.
  let known: Promise<ReadonlyMap<string, Reader>> | undefined;

  return async (events) => {
    const about = (prefix: string) =>
      events.filter((event) => event.about.startsWith(prefix)).map((event) => event.about);
    const [messages, mails] = await Promise.all([
      ports.messages.among(about('msg_')),
      ports.received.among(about('rcv_')),
    ]);
    if (mails.size > 0) known ??= listReaders(ports);
    const readers = await known;
    const held = [...mails.values()].filter((row) => isReadAgain(row, readers?.get(row.incomingServer)));
    const ids = new Set([...messages.keys(), ...held.map(({ id }) => id)]);
    return new Set(events.filter((event) => ids.has(event.about)).map(({ id }) => id));
  };
}

async function listReaders({ incomingServers, incomingStates }: RaisedAgainPorts) {
  const [servers, states] = await Promise.all([incomingServers.list(), incomingStates.list()]);
  return new Map(
    servers.map(({ value: server }): [string, Reader] => [server.id, { server, state: states.get(server.id) }]),
  );
}

/** Of a server that was removed nothing is read. A folder or mailbox that is not read now may be, from its beginning. */
function isReadAgain(row: ReceivedMessage, reader: Reader | undefined): boolean {
  if (reader === undefined) return false;
  const cursor = cursorOver(row, reader.server, reader.state);
  return cursor === undefined || mayBeReadAgain(row, cursor);
}
