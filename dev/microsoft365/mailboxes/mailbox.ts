import hoodiecrow, { type Message } from 'hoodiecrow-imap';
import { duplexPair, type Duplex } from 'node:stream';
import type { ImapFault } from '../faults.ts';
import { addCommandFaults } from './command-faults.ts';
import { fromInternalDate, toInternalDate } from './internal-date.ts';
import { keepOnDisk } from './keep-on-disk.ts';
import { behaveLikeExchange, serverId } from './like-exchange.ts';
import type { MessageFiles } from './message-files.ts';
import { seedFolders } from './seed-folders.ts';

/** A message as it lies in a folder. */
export interface MailboxMessage {
  uid: number;
  flags: readonly string[];
  internalDate: Date;
  readonly raw: Buffer;
}

/** A folder with all that is in it. */
export interface MailboxFolder {
  path: string;
  uidValidity: number;
  uidNext: number;
  messages: readonly MailboxMessage[];
}

/** The mailbox of one address: its folders, and IMAP for those who are let in. */
export interface Mailbox {
  address: string;
  folders(): MailboxFolder[];
  /** Files a message, which is on disk when this returns. @returns its UID. @throws Error when there is no such folder */
  append(path: string, raw: Buffer, flags?: readonly string[]): number;
  /** The UID that the next message in this folder gets. @throws Error when there is no such folder */
  uidNext(path: string): number;
  /**
   * Gives the folder a new UIDVALIDITY and its messages UIDs from 1, as a server does that has lost them (RFC 3501
   * section 2.3.1.1). @throws Error when there is no such folder
   */
  renumber(path: string): void;
  /** IMAP for somebody who has proved who he is, after the greeting. @param user his address, for faults */
  open(user: string): Duplex;
}

const plugins = ['literalplus', 'uidplus', 'move', 'id', 'unselect', 'idle', 'namespace', 'special-use'];

/** @param files where the mailbox is kept; left out: in memory only */
export function createMailbox(address: string, faults: ImapFault[], files?: MessageFiles): Mailbox {
  const users = new WeakMap<Duplex, string>();
  const server = hoodiecrow({
    storage: seedFolders(files?.load() ?? []),
    plugins: [
      ...plugins,
      behaveLikeExchange,
      (made) => {
        if (files) keepOnDisk(made, files);
      },
      (made) => {
        addCommandFaults(made, faults, ({ socket }) => [address, (socket && users.get(socket)) ?? address]);
      },
    ],
    id: serverId,
    credentials: {},
  });
  // A listener for each connection.
  server.setMaxListeners(0);
  for (const folder of Object.values(server.folderCache)) files?.sync(folder);

  function existing(path: string) {
    const folder = server.getMailbox(path);
    if (!folder) throw new Error(`${address} has no folder ${path}`);
    return folder;
  }

  return {
    address,
    folders: () =>
      Object.values(server.folderCache).map(({ path, uidvalidity, uidnext, messages }) => ({
        path,
        uidValidity: uidvalidity,
        uidNext: uidnext,
        messages: messages.map(toMailboxMessage),
      })),
    append(path, raw, flags = []) {
      const time = toInternalDate(new Date());
      return server.appendMessage(existing(path), [...flags], time, raw.toString('latin1')).message.uid;
    },
    uidNext: (path) => existing(path).uidnext,
    renumber(path) {
      const folder = existing(path);
      folder.uidvalidity += 1;
      for (const [index, message] of folder.messages.entries()) message.uid = index + 1;
      folder.uidnext = folder.messages.length + 1;
      files?.rewrite(folder);
    },
    open(user) {
      const [ours, theirs] = duplexPair();
      users.set(theirs, user);
      server.createClient(theirs);
      // The greeting: the front has said its own.
      ours.read();
      ours.on('close', () => theirs.destroy());
      theirs.on('close', () => ours.destroy());
      return ours;
    },
  };
}

function toMailboxMessage({ uid, flags, internaldate, raw }: Message): MailboxMessage {
  return {
    uid,
    flags: [...flags],
    internalDate: fromInternalDate(internaldate),
    get raw() {
      return Buffer.from(raw, 'latin1');
    },
  };
}
