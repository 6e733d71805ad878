import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from '../dev/certificates.ts';

/** A mail server (TLS, XOAUTH2, what Exchange announces) with one folder, which everybody may read. */
export interface ImapSource {
  readonly port: number;
  /** When clients connected, milliseconds. */
  readonly connected: number[];
  /** Mail arrives. */
  fill(mails: readonly Buffer[]): void;
  stop(): Promise<void>;
}

const capabilities = 'IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT IDLE NAMESPACE LITERAL+';
const arrived = '"23-Nov-2026 10:00:00 +0000"';

export async function startImapSource(tls: KeyAndCertificate): Promise<ImapSource> {
  const mails: Buffer[] = [];
  const connected: number[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer({ ...tls, noDelay: true }, (socket) => {
    connected.push(performance.now());
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    talk(socket, mails);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connected,
    fill: (more) => {
      mails.push(...more);
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function talk(socket: TLSSocket, mails: readonly Buffer[]): void {
  socket.write('* OK The Microsoft Exchange IMAP4 service is ready.\r\n');
  let heard = '';
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => {
    const lines = (heard + data).split('\r\n');
    heard = lines.pop() ?? '';
    socket.cork();
    for (const line of lines) answer(line);
    socket.uncork();
  });

  function answer(line: string): void {
    const [tag = '', ...words] = line.split(' ');
    const command = (words[0] === 'UID' ? words.slice(0, 2) : words.slice(0, 1)).join(' ');
    const rest = words.slice(command === words[0] ? 1 : 2);
    for (const untagged of answers[command]?.(mails) ?? []) socket.write(`* ${untagged}\r\n`);
    if (command.endsWith('FETCH')) fetch(socket, mails, rest[0] ?? '', rest.slice(1).join(' '));
    socket.write(`${tag} OK ${command} completed.\r\n`);
    if (command === 'LOGOUT') socket.end();
  }
}

const folder = (mails: readonly Buffer[]): string[] => [
  `${mails.length} EXISTS`,
  'OK [UIDVALIDITY 14] ok',
  `OK [UIDNEXT ${mails.length + 1}] ok`,
  'FLAGS (\\Seen)',
];

/** What is said before a command is completed; whatever is not here is completed without a word. */
const answers: Readonly<Record<string, (mails: readonly Buffer[]) => string[]>> = {
  CAPABILITY: () => [`CAPABILITY ${capabilities}`],
  ID: () => ['ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")'],
  NAMESPACE: () => ['NAMESPACE (("" "/")) NIL NIL'],
  LIST: () => ['LIST (\\HasNoChildren) "/" INBOX'],
  STATUS: (mails) => [`STATUS INBOX (UIDNEXT ${mails.length + 1} UIDVALIDITY 14)`],
  SELECT: folder,
  EXAMINE: folder,
  LOGOUT: () => ['BYE Microsoft Exchange Server IMAP4 server signing off.'],
};

/** Sequence numbers are UIDs here: nothing is ever removed. */
function fetch(socket: TLSSocket, mails: readonly Buffer[], set: string, items: string): void {
  const body = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/.exec(items);
  for (const range of set.split(',')) {
    const [first = 1, last = first] = range.split(':').map((uid) => (uid === '*' ? mails.length : Number(uid)));
    for (let uid = first; uid <= Math.min(last, mails.length); uid++) {
      const mail = mails[uid - 1] ?? Buffer.alloc(0);
      const facts = `${uid} FETCH (UID ${uid} INTERNALDATE ${arrived} RFC822.SIZE ${mail.length}`;
      if (body === null) {
        socket.write(`* ${facts})\r\n`);
        continue;
      }
      const [, start, length] = body.map(Number);
      const part = start === undefined || Number.isNaN(start) ? mail : mail.subarray(start, start + (length ?? 0));
      const origin = part === mail ? '' : `<${start}>`;
      socket.write(`* ${facts} BODY[]${origin} {${part.length}}\r\n`);
      socket.write(part);
      socket.write(')\r\n');
    }
  }
}
