import { Readable } from 'node:stream';
import type { KnownFolder, MailboxSession, OpenMailbox } from '../../functions/received/mailbox-reader.ts';
import { GatewayError } from '../../functions/shared/errors.ts';

interface Folder {
  uidValidity: number;
  uidNext: number;
  readonly mails: Map<number, { raw: Buffer; arrived: Date; seen?: boolean }>;
}

/** A mailbox in memory, behind the port that the domain reads mailboxes by. */
export interface MailboxForTest {
  readonly openMailbox: OpenMailbox;
  /** What was asked of it, as `read 1,2,3`. */
  readonly asked: string[];
  /** Called before each answer; throws where it is to fail. */
  before: (asked: string) => void;
  /** UIDs that are listed, but not given when they are read. */
  readonly withheld: Set<number>;
  /** UIDs over which the connection breaks, when they are to come. */
  readonly breaking: Set<number>;
  /** Mail arrives at this time. @returns its UID */
  deliver(raw: string | Buffer, arrived: Date, folder?: string): number;
  remove(uid: number, folder?: string): void;
  /** What lies in a folder: UIDs, and whether each is marked as seen. */
  list(folder?: string): { uid: number; seen: boolean }[];
  /** New UIDs for all that is there, under a new UIDVALIDITY. */
  renumber(folder?: string): void;
  addFolder(name: string): void;
}

export function createMailboxForTest(): MailboxForTest {
  const folders = new Map<string, Folder>();
  const asked: string[] = [];

  function folderOf(name: string): Folder {
    const folder = folders.get(name);
    if (folder === undefined) throw new GatewayError('folder-not-found', `There is no folder "${name}".`);
    return folder;
  }

  function note(what: string): void {
    asked.push(what);
    mailbox.before(what);
  }

  function createSession(): MailboxSession {
    let selected = '';
    let isBroken = false;
    function ask(what: string): void {
      note(what);
      if (isBroken) throw new GatewayError('mail-server-unreachable', 'The connection broke.');
    }
    function give(uid: number) {
      isBroken ||= mailbox.breaking.has(uid);
      if (isBroken) throw new GatewayError('mail-server-unreachable', 'The connection broke.');
      return mailOf(uid);
    }
    const known = ({ folder, uidValidity }: KnownFolder): Folder => {
      const found = folderOf(folder);
      if (found.uidValidity !== uidValidity) throw new GatewayError('mail-server-busy', 'It was made anew.');
      return found;
    };
    const mailOf = (uid: number) => folderOf(selected).mails.get(uid);
    return {
      open(name) {
        return answer(() => {
          ask(`open ${name}`);
          const { uidValidity, uidNext } = folderOf(name);
          selected = name;
          return { uidValidity, uidNext };
        });
      },
      after(after, limit) {
        return answer(() => {
          ask(`after ${after}`);
          const found = [...folderOf(selected).mails].filter(([uid]) => uid > after).slice(0, limit);
          return found.map(([uid, { raw, arrived }]) => ({ uid, size: raw.length, internalDate: arrived }));
        });
      },
      uids(first, last, since = new Date(0)) {
        return answer(() => {
          ask(`uids ${first}:${last}`);
          const found = [...folderOf(selected).mails].filter(([, { arrived }]) => arrived >= since);
          return found.map(([uid]) => uid).filter((uid) => uid >= first && uid <= last);
        });
      },
      infos(uids) {
        return answer(() => {
          ask(`infos ${uids.join()}`);
          return uids.flatMap((uid) => {
            const mail = mailOf(uid);
            return mail === undefined ? [] : [{ uid, size: mail.raw.length, internalDate: mail.arrived }];
          });
        });
      },
      firstSince(time) {
        return answer(() => {
          ask(`since ${time.toISOString()}`);
          return [...folderOf(selected).mails].find(([, { arrived }]) => arrived >= time)?.[0];
        });
      },
      async read(uids, take) {
        ask(`read ${uids.join()}`);
        for (const uid of uids) {
          const mail = give(uid);
          if (mail !== undefined && !mailbox.withheld.has(uid)) await take(uid, mail.raw);
        }
      },
      stream(uid) {
        return answer(() => {
          ask(`stream ${uid}`);
          const mail = give(uid);
          if (mail === undefined) throw new GatewayError('not-found', `${uid} is gone.`);
          return Readable.from([mail.raw], { objectMode: false });
        });
      },
      markSeen(where, uids) {
        return answer(() => {
          ask(`seen ${uids.join()}`);
          for (const mail of uids.map((uid) => known(where).mails.get(uid))) if (mail !== undefined) mail.seen = true;
        });
      },
      move(where, uids, target) {
        return answer(() => {
          ask(`move ${uids.join()} ${target}`);
          const to = folderOf(target);
          for (const uid of uids) {
            const mail = known(where).mails.get(uid);
            if (mail !== undefined) to.mails.set(to.uidNext++, mail);
            known(where).mails.delete(uid);
          }
        });
      },
      findSent: () => Promise.resolve(undefined),
      folders: () => Promise.resolve([...folders.keys()].map((name) => ({ name }))),
      close: () => answer(() => asked.push('close')).then(() => undefined),
    };
  }

  const mailbox: MailboxForTest = {
    asked,
    before: () => undefined,
    withheld: new Set(),
    breaking: new Set(),
    openMailbox: ({ user }) =>
      answer(() => {
        note(`login ${user}`);
        return createSession();
      }),
    deliver(raw, arrived, name = 'INBOX') {
      const folder = folderOf(name);
      const uid = folder.uidNext++;
      // As IMAP tells it: to the second.
      const seconds = new Date(Math.floor(arrived.getTime() / 1000) * 1000);
      folder.mails.set(uid, { raw: Buffer.from(raw), arrived: seconds });
      return uid;
    },
    remove(uid, name = 'INBOX') {
      folderOf(name).mails.delete(uid);
    },
    list: (name = 'INBOX') => [...folderOf(name).mails].map(([uid, { seen = false }]) => ({ uid, seen })),
    renumber(name = 'INBOX') {
      const { uidValidity, mails } = folderOf(name);
      const anew = [...mails.values()].map((mail, index) => [index + 1, mail] as const);
      folders.set(name, { uidValidity: uidValidity + 1, uidNext: anew.length + 1, mails: new Map(anew) });
    },
    addFolder(name) {
      folders.set(name, { uidValidity: 7, uidNext: 1, mails: new Map() });
    },
  };
  mailbox.addFolder('INBOX');
  return mailbox;
}

async function answer<T>(run: () => T): Promise<T> {
  await Promise.resolve();
  return run();
}
