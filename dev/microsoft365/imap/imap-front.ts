import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Circumstances } from '../circumstances.ts';
import type { ApplicationRules } from '../application-access.ts';
import type { Directory } from '../directory.ts';
import { takeFault, type ImapFault } from '../faults.ts';
import type { AccessTokens } from '../login/access-tokens.ts';
import { capabilities, serverId } from '../mailboxes/like-exchange.ts';
import type { Mailbox } from '../mailboxes/mailbox.ts';
import { readXoauth2 } from './xoauth2.ts';

/** What somebody gets who has come through the front: a mailbox, or nothing but an excuse. */
type Access = { mailbox: Mailbox; user: string } | 'refused' | 'not connected';

interface Front {
  directory: Directory;
  applicationAccess: ApplicationRules;
  accessTokens: AccessTokens;
  circumstances: Circumstances;
  faults: ImapFault[];
  mailboxOf(address: string): Mailbox | undefined;
}

// Longer than any token.
const longestLine = 65_536;

/**
 * Talks to a client until it has signed in with XOAUTH2, then hands the connection to the mailbox. Answers are worded as
 * Exchange Online words them.
 */
export function greet(socket: TLSSocket, front: Front): void {
  const fault = takeFault(front.faults, [], ({ at }) => at === 'connect');
  if (fault) {
    if (fault.drop) socket.destroy();
    else if (fault.reply !== undefined) socket.end(`${fault.reply}\r\n`);
    return;
  }
  socket.write('* OK The Microsoft Exchange IMAP4 service is ready.\r\n');

  let received = '';
  /** The tag of an AUTHENTICATE whose response is still to come. */
  let authenticating: string | undefined;
  let connected: 'no' | 'without mailbox' | 'yes' = 'no';
  socket.on('data', onData);

  function onData(chunk: Buffer) {
    received += chunk.toString('latin1');
    for (let end = received.indexOf('\n'); end >= 0 && connected !== 'yes'; end = received.indexOf('\n')) {
      const line = received.slice(0, end).replace(/\r$/, '');
      received = received.slice(end + 1);
      onLine(line);
    }
    if (connected === 'no' && received.length > longestLine) socket.end('* BYE Connection is closed. 12\r\n');
  }

  function onLine(line: string) {
    if (authenticating !== undefined) {
      const tag = authenticating;
      authenticating = undefined;
      if (line === '*') reply(`${tag} BAD AUTHENTICATE canceled.`);
      else authenticate(tag, line);
      return;
    }
    const [tag = '*', command = '', ...rest] = line.split(' ');
    switch (command.toUpperCase()) {
      case 'LOGOUT':
        socket.end(`* BYE Microsoft Exchange Server IMAP4 server signing off.\r\n${tag} OK LOGOUT completed.\r\n`);
        return;
      case 'CAPABILITY':
        reply(`* CAPABILITY ${capabilities}`, `${tag} OK CAPABILITY completed.`);
        return;
      default:
        if (connected === 'without mailbox') reply(`${tag} BAD User is authenticated but not connected.`);
        else onCommandBeforeSignIn(tag, command.toUpperCase(), rest);
    }
  }

  function onCommandBeforeSignIn(tag: string, command: string, rest: string[]) {
    switch (command) {
      case 'ID':
        reply(`* ID ("name" "${serverId.name}" "version" "${serverId.version}")`, `${tag} OK ID completed.`);
        return;
      case 'NOOP':
        reply(`${tag} OK NOOP completed.`);
        return;
      case 'LOGIN':
        // Basic authentication has been off for IMAP since 2023.
        reply(`${tag} NO LOGIN failed.`);
        return;
      case 'AUTHENTICATE':
        if (rest[0]?.toUpperCase() !== 'XOAUTH2') reply(`${tag} NO AUTHENTICATE failed.`);
        else if (rest[1] !== undefined) authenticate(tag, rest[1]);
        else {
          authenticating = tag;
          socket.write('+ \r\n');
        }
        return;
      default:
        reply(`${tag} BAD Command received in Invalid state.`);
    }
  }

  function authenticate(tag: string, response: string) {
    const credentials = readXoauth2(response);
    const failing = takeFault(front.faults, [credentials?.user ?? ''], ({ at }) => at === 'authenticate');
    if (failing) {
      if (failing.drop) socket.destroy();
      else if (failing.reply !== undefined) reply(`${tag} ${failing.reply}`);
      return;
    }
    const access = credentials ? accessTo(front, credentials) : 'refused';
    if (access === 'refused') {
      reply(`${tag} NO AUTHENTICATE failed.`);
      return;
    }
    reply(`${tag} OK AUTHENTICATE completed.`);
    if (access === 'not connected') {
      connected = 'without mailbox';
      return;
    }
    connected = 'yes';
    socket.off('data', onData);
    join(socket, access.mailbox.open(access.user), received);
  }

  function reply(...lines: string[]) {
    socket.write(lines.map((line) => `${line}\r\n`).join(''));
  }
}

/**
 * A bad token is refused, as is one of an application that Exchange does not know; a good one without the permission, or
 * for a mailbox its user has no right to, gets "authenticated but not connected": as seen in Exchange Online.
 */
function accessTo(front: Front, { user, accessToken }: { user: string; accessToken: string }): Access {
  const identity = front.accessTokens.validate(accessToken);
  if (!identity) return 'refused';
  if (!identity.user && !front.applicationAccess.isKnown(identity)) return 'refused';
  const mailbox = front.mailboxOf(user);
  if (!mailbox) return 'not connected';
  const { circumstances } = front;
  const address = identity.user?.address;
  const isClosed =
    circumstances.hold('imap off', mailbox.address) ||
    circumstances.hold('no licence', mailbox.address) ||
    circumstances.hold('sign-in name changed', address) ||
    (address !== mailbox.address && circumstances.hold('no full access', mailbox.address));
  if (isClosed) return 'not connected';
  const isAllowed = identity.user
    ? identity.permissions.includes('IMAP.AccessAsUser.All') && front.directory.mayOpen(identity.user, mailbox.address)
    : front.applicationAccess.mayOpen(identity, mailbox.address);
  return isAllowed ? { mailbox, user: identity.user?.address ?? user } : 'not connected';
}

function join(socket: TLSSocket, mailbox: Duplex, received: string) {
  if (received !== '') mailbox.write(Buffer.from(received, 'latin1'));
  socket.pipe(mailbox).pipe(socket);
  socket.on('close', () => mailbox.destroy());
  mailbox.on('close', () => {
    socket.destroySoon();
  });
}
