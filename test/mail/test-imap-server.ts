import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import hoodiecrow, { type FolderSeed, type Message } from 'hoodiecrow-imap';
import { onTestFinished } from 'vitest';
import type { KeyAndCertificate } from '../../dev/certificates.ts';
import type { MailLogin } from '../../functions/servers/mail-login.ts';
import { Secret } from '../../functions/shared/secret.ts';

/** A folder with these messages (one character per octet), and gaps where a UID is left out. */
export function folder(messages: Readonly<Record<number, string>>, uidnext?: number): FolderSeed {
  const list = Object.entries(messages).map(([uid, raw]): Message => ({
    uid: Number(uid),
    flags: [],
    internaldate: '23-Nov-2026 10:00:00 +0000',
    raw,
  }));
  return { uidvalidity: 42, uidnext: uidnext ?? (list.at(-1)?.uid ?? 0) + 1, messages: list };
}

/** A real IMAP server with one mailbox, over TLS if it is given a certificate, and the commands it got; ended with the test. */
export async function startTestImapServer(
  tls: KeyAndCertificate | undefined,
  inbox: FolderSeed,
  folders: Record<string, FolderSeed> = {},
  plugins: string[] = [],
) {
  const imap = hoodiecrow({
    storage: { INBOX: inbox, '': { separator: '/', folders } },
    plugins: ['NAMESPACE', 'SASL-IR', 'XOAUTH2', 'SPECIAL-USE', 'UNSELECT', ...plugins],
    id: {},
    credentials: {},
  });
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const meet = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => commands.push(...data.toString('latin1').split('\r\n').filter(Boolean)));
    imap.createClient(socket);
  };
  const server =
    tls === undefined ? createServer({ noDelay: true }, meet) : createTlsServer({ ...tls, noDelay: true }, meet);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    drop();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    commands,
    inbox: () => imap.getMailbox('INBOX'),
    mailbox: (path: string) => imap.getMailbox(path),
    users: imap.users,
    logins: () => commands.filter((line) => /^\S+ (?:LOGIN|AUTHENTICATE) /.test(line)).length,
    append(raw: string) {
      const inbox = imap.getMailbox('INBOX');
      if (inbox !== undefined) imap.appendMessage(inbox, [], '', raw);
    },
    drop,
  };
}

/** How the test server's only user logs in. */
export function mailboxLogin(port: number, token = 'testtoken'): MailLogin {
  return {
    host: 'localhost',
    port,
    encryption: 'tls',
    user: 'testuser',
    proof: { kind: 'token', secret: new Secret(token) },
  };
}
