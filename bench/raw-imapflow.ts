import { ImapFlow } from 'imapflow';
import { sender } from './bench-mail.ts';

async function inFolder(port: number, work: (client: ImapFlow) => Promise<void>): Promise<void> {
  const client = new ImapFlow({
    host: 'localhost',
    port,
    secure: true,
    auth: { user: sender, accessToken: 'token' },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX');
  await work(client);
  await client.logout();
}

/** Reads a folder with imapflow alone, as fast as it can: one FETCH for all, and one STORE. */
export async function fetchStreaming(port: number, count: number): Promise<void> {
  await inFolder(port, async (client) => {
    let read = 0;
    for await (const { source } of client.fetch('1:*', { source: true }, { uid: true })) if (source) read += 1;
    if (read !== count) throw new Error(`${read} of ${count} were read.`);
    await client.messageFlagsAdd('1:*', ['\\Seen'], { uid: true });
  });
}

/** Reads a folder as Odoo does: each message by itself, its mark taken away, and set once it was processed. */
export async function fetchAsOdoo(port: number, count: number): Promise<void> {
  await inFolder(port, async (client) => {
    for (let uid = 1; uid <= count; uid++) {
      const message = await client.fetchOne(String(uid), { source: true }, { uid: true });
      if (message === false || message.source === undefined) throw new Error(`${uid} was not read.`);
      await client.messageFlagsRemove(String(uid), ['\\Seen'], { uid: true });
      await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
    }
  });
}
