import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { RemovedServer } from '../servers/removed-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { Message } from './message.ts';

interface Ports {
  readonly outgoingServers: Collection<OutgoingServer>;
  readonly removedServers: Collection<RemovedServer>;
  readonly messages: Records<Message>;
  readonly rawMail: RawMail;
}

const minute = 60_000;
const minutes = 60;
const rounds = 20;

/** Forgets the contents of finished messages that were kept for another try long enough. Each server has its minute of the hour. */
export async function forgetContents(call: Call, ports: Ports): Promise<void> {
  const turn = Math.floor(call.now().getTime() / minute) % minutes;
  const lists = await Promise.all([ports.outgoingServers.list(), ports.removedServers.list()]);
  const servers = [...new Set(lists.flat().map(({ value }) => value.id))].toSorted();
  for (const server of servers.filter((_, index) => index % minutes === turn)) await forgetAll(call, server, ports);
}

async function forgetAll(call: Call, server: string, { messages, rawMail }: Ports): Promise<void> {
  for (let round = 0; round < rounds && !call.signal.aborted; round++) {
    const contents = await messages.forget(server, call.now());
    if (contents.length === 0) return;
    for (const content of contents) if ('blob' in content) await rawMail.remove(content.blob);
  }
}
