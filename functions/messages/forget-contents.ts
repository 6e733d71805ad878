import type { Call } from '../shared/call.ts';
import { ofThisMinute } from '../shared/of-this-minute.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import { listMessageOwners, type OwnerPorts } from './message-owners.ts';
import type { Message } from './message.ts';

interface Ports extends OwnerPorts {
  readonly messages: Records<Message>;
  readonly rawMail: RawMail;
}

const rounds = 20;

/** Forgets the contents of finished messages that were kept for another try long enough. Each server has its minute of the hour. */
export async function forgetContents(call: Call, ports: Ports): Promise<void> {
  const servers = await listMessageOwners(ports);
  for (const server of ofThisMinute(servers, call.now())) await forgetAll(call, server, ports);
}

async function forgetAll(call: Call, server: string, { messages, rawMail }: Ports): Promise<void> {
  for (let round = 0; round < rounds && !call.signal.aborted; round++) {
    const contents = await messages.forget(server, call.now());
    if (contents.length === 0) return;
    for (const content of contents) if ('blob' in content) await rawMail.remove(content.blob);
  }
}
