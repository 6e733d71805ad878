import { Readable } from 'node:stream';
import type { ImapFlow } from 'imapflow';
import {
  folderUses,
  type KnownFolder,
  type MailboxSession,
  type MailFolder,
  type MessageInfo,
  type OpenMailbox,
  type SentCopy,
} from '../received/mailbox-reader.ts';
import { GatewayError } from '../shared/errors.ts';
import { demandTls } from './demand-tls.ts';
import { createImapFolder, type ImapFolder } from './imap-folder.ts';
import { openImapLink, type ImapLink } from './imap-link.ts';
import { parseMessageIds } from './message-ids.ts';
import { uidSet } from './uid-set.ts';

/** Octets a round trip brings of a large message: with the library's 64 KiB a fetch of 25 MB takes 500 of them. */
const streamChunk = 2 * 1024 * 1024;
/** UIDs asked for at first: a folder with a long past must not be listed as a whole to find its next few messages. */
const firstWindow = 1000;

/**
 * A mailbox over IMAP by imapflow (RFC 3501): TLS or STARTTLS, XOAUTH2 or a password. Folders are EXAMINEd and
 * messages PEEKed at, but for what is to be marked or moved. The call's signal ends the connection at any point.
 */
export const openImapMailbox: OpenMailbox = async (login, call) => {
  demandTls(login);
  return createSession(await openImapLink(login, call.signal));
};

function createSession(link: ImapLink): MailboxSession {
  const folder = createImapFolder(link);
  return {
    open: (name) => folder.open(name),
    async after(uid, limit) {
      const uidNext = folder.state?.uidNext ?? 0;
      return uidNext <= uid + 1 ? [] : folder.run((client) => listAfter(client, uid, limit, uidNext));
    },
    firstSince: (time) => folder.run((client) => findFirst(client, time)),
    uids: (first, last, since) => folder.run((client) => searchUids(client, `${first}:${last}`, since)),
    infos: (uids) => folder.run((client) => infosOf(client, uidSet(uids))),
    read: (uids, take) => readAll(folder, uids, take),
    stream: (uid) => streamOne(link, folder, uid),
    markSeen: (where, uids) => markSeen(link, folder, where, uids),
    move: (where, uids, target) => move(link, folder, where, uids, target),
    async findSent(messageId) {
      return folder.visit(await findSentFolder(link), (client) => findMessage(client, messageId));
    },
    folders: (limit) => listFolders(link, limit),
    close: () => link.close(),
  };
}

/** Windows of UIDs, each four times as wide, until one holds something: UIDs may have any number of gaps. */
async function listAfter(client: ImapFlow, uid: number, limit: number, uidNext: number): Promise<MessageInfo[]> {
  let from = uid + 1;
  for (let width = Math.max(firstWindow, limit); ; width *= 4) {
    const isLast = from + width >= uidNext;
    // What has arrived since the folder was opened comes with the last window.
    const range = `${String(from)}:${isLast ? '*' : String(from + width - 1)}`;
    // `n:*` names the last message even when its UID is below n.
    const found = (await infosOf(client, range)).filter((info) => info.uid > uid);
    if (found.length > 0 || isLast) return found.slice(0, limit);
    from += width;
  }
}

async function infosOf(client: ImapFlow, range: string): Promise<MessageInfo[]> {
  const found: MessageInfo[] = [];
  for await (const row of client.fetch(range, { internalDate: true, size: true }, { uid: true })) {
    // A row without a size only reports changed flags.
    if (row.size !== undefined) found.push({ uid: row.uid, size: row.size, internalDate: arrivalOf(row.internalDate) });
  }
  return found.sort((one, other) => one.uid - other.uid);
}

const day = 24 * 60 * 60_000;

/** RFC 3501 6.4.4: SINCE knows days only, of whatever time zone the server is in. */
function dayBefore(time: Date): Date {
  return new Date(time.getTime() - day);
}

async function searchUids(client: ImapFlow, uid: string, since?: Date): Promise<number[]> {
  const found = await client.search({ uid, ...(since && { since: dayBefore(since) }) }, { uid: true });
  if (Array.isArray(found)) return found;
  throw new GatewayError('mail-server-busy', 'The folder could not be searched.');
}

/** A server that cannot search has all of its folder listed. */
async function findFirst(client: ImapFlow, time: Date): Promise<number | undefined> {
  const found = await client.search({ since: dayBefore(time) }, { uid: true });
  return Array.isArray(found)
    ? found.reduce<number | undefined>((low, uid) => Math.min(low ?? uid, uid), undefined)
    : 1;
}

/** What a server says that is no date stands for no known time. */
function arrivalOf(internalDate: Date | string | undefined): Date {
  const arrival = new Date(internalDate ?? 0);
  return Number.isNaN(arrival.getTime()) ? new Date(0) : arrival;
}

/** One FETCH for all. What `take` throws is the caller's and ends the reading. */
async function readAll(folder: ImapFolder, uids: readonly number[], take: Parameters<MailboxSession['read']>[1]) {
  if (uids.length === 0) return;
  const wanted = new Set(uids);
  let notTaken: { cause: unknown } | undefined;
  await folder.run(async (client) => {
    for await (const { uid, source } of client.fetch(uidSet(uids), { source: true }, { uid: true })) {
      if (source === undefined || !wanted.delete(uid)) continue;
      try {
        await take(uid, source);
      } catch (cause) {
        notTaken = { cause };
        break;
      }
    }
  });
  if (notTaken !== undefined) throw notTaken.cause;
}

async function streamOne(link: ImapLink, folder: ImapFolder, uid: number): Promise<Readable> {
  const { content } = await folder.run((client) =>
    client.download(String(uid), undefined, { uid: true, chunkSize: streamChunk }),
  );
  if (content === undefined) throw new GatewayError('not-found', `The message with UID ${String(uid)} is gone.`);
  async function* translated(source: Readable) {
    const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
    try {
      for (;;) {
        const next = await link.run(() => chunks.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      source.destroy();
    }
  }
  return Readable.from(translated(content), { objectMode: false });
}

/** imapflow answers false to every failure, and does not say which. */
async function markSeen(link: ImapLink, folder: ImapFolder, where: KnownFolder, uids: readonly number[]) {
  const flags = ['\\Seen'];
  if (await folder.change(where, (client) => client.messageFlagsAdd(uidSet(uids), flags, { uid: true }))) return;
  await link.run((client) => client.noop());
  throw new GatewayError('mail-server-busy', `Mail in "${where.folder}" cannot be marked as seen.`);
}

/** MOVE (RFC 6851), or what it stands for; without UIDPLUS (RFC 4315) an EXPUNGE would remove what others have marked. */
async function move(
  link: ImapLink,
  folder: ImapFolder,
  where: KnownFolder,
  uids: readonly number[],
  target: string,
): Promise<void> {
  const range = uidSet(uids);
  const byUid = { uid: true };
  const isDone = await folder.change(where, async (client) => {
    if (client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS'))
      return client.messageMove(range, target, byUid);
    const isCopied = await client.messageCopy(range, target, byUid);
    return isCopied !== false && client.messageFlagsAdd(range, ['\\Deleted'], byUid);
  });
  if (isDone !== false) return;
  const status = await link.run((client) => client.status(target, { messages: true }), target);
  if (status !== false) throw new GatewayError('mail-server-busy', `Mail cannot be moved to "${target}".`);
  throw new GatewayError('folder-not-found', `There is no folder "${target}" to move mail to.`, {
    data: { remedy: 'Make the folder, or change afterFetch of the server.' },
  });
}

/** In the order of the server, the inbox first; what only holds other folders (`\\Noselect`) cannot be read. */
async function listFolders(link: ImapLink, limit: number): Promise<MailFolder[]> {
  const found = await link.run((client) => client.list());
  const folders = found
    .filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
    .map(({ path, specialUse = '' }) => {
      const name = path.toUpperCase() === 'INBOX' ? 'INBOX' : path;
      const use = folderUses.find((each) => specialUse.toLowerCase() === `\\${each}`);
      return { name, ...(use !== undefined && { use }) };
    });
  return folders.sort((one, other) => Number(other.name === 'INBOX') - Number(one.name === 'INBOX')).slice(0, limit);
}

/** RFC 6154 says which folder it is; where a server does not speak it, imapflow knows the names in many languages. */
async function findSentFolder(link: ImapLink): Promise<string> {
  const folders = await link.run((client) => client.list());
  const sent =
    folders.find(({ specialUse }) => specialUse === '\\Sent') ??
    folders.find(({ path }) => path === 'Sent Items' || path === 'Sent');
  if (sent !== undefined) return sent.path;
  throw new GatewayError('folder-not-found', 'The mailbox has no folder for sent mail.');
}

/** Exchange replaces some Message-IDs, and then keeps the one it was given in a header of its own. */
async function findMessage(client: ImapFlow, messageId: string): Promise<SentCopy | undefined> {
  const headers = ['Message-ID', 'X-Microsoft-Original-Message-ID'];
  const found = await client.search({ or: headers.map((name) => ({ header: { [name]: messageId } })) }, { uid: true });
  // Not found and not searched are two things: after the first the message is sent again.
  if (!Array.isArray(found))
    throw new GatewayError('mailbox-not-opened', 'The folder for sent mail could not be searched.');
  const [uid] = found;
  if (uid === undefined) return undefined;
  const copy = await client.fetchOne(String(uid), { envelope: true }, { uid: true });
  const [given] = parseMessageIds((copy !== false && copy.envelope?.messageId) || '');
  return given === undefined ? {} : { messageId: given };
}
