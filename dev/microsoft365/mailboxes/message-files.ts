import type { Folder, Message } from 'hoodiecrow-imap';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from '../atomic-file.ts';
import { fromInternalDate, toInternalDate } from './internal-date.ts';

export type StoredFolder = Pick<Folder, 'path' | 'uidvalidity' | 'uidnext' | 'messages'>;

/**
 * One mailbox on disk: a folder for each mail folder, with `folder.json` for its UIDs, and a file for each message. A
 * message's name holds all that is not its text (UID, time, flags: `12_1795428000_%5CSeen.eml`), so that it is there
 * whole or not at all after a `kill -9`, and a change of flags is a rename.
 */
export interface MessageFiles {
  load(): StoredFolder[];
  /** Writes a message that is not there yet. */
  saveMessage(folder: Folder, message: Message): void;
  /** Makes the disk agree with the folder: flags that changed, messages that are gone, the next UID. */
  sync(folder: Folder): void;
  /** Writes the folder anew, under its new UIDs. */
  rewrite(folder: Folder): void;
  /** Removes the folders that are no longer among these. */
  keepOnly(paths: readonly string[]): void;
}

export function createMessageFiles(root: string): MessageFiles {
  /** Path of a folder to its messages' file names, by UID. */
  const known = new Map<string, Map<number, string>>();
  const directoryOf = (path: string) => join(root, fileName(path));

  function saveFolder({ path, uidvalidity, uidnext }: Folder) {
    writeAtomically(join(directoryOf(path), 'folder.json'), JSON.stringify({ path, uidvalidity, uidnext }));
  }

  function knownIn(folder: Folder) {
    let names = known.get(folder.path);
    if (!names) {
      saveFolder(folder);
      names = new Map();
      known.set(folder.path, names);
    }
    return names;
  }

  function saveMessage(folder: Folder, message: Message) {
    const names = knownIn(folder);
    if (names.has(message.uid)) return;
    const name = messageName(message);
    writeAtomically(join(directoryOf(folder.path), name), Buffer.from(message.raw, 'latin1'));
    names.set(message.uid, name);
  }

  function remove(path: string) {
    rmSync(directoryOf(path), { recursive: true, force: true });
    known.delete(path);
  }

  return {
    load() {
      mkdirSync(root, { recursive: true });
      return readdirSync(root).flatMap((directory) => {
        const text = readIfThere(join(root, directory, 'folder.json'));
        if (text === undefined) return [];
        const folder = JSON.parse(text) as Omit<StoredFolder, 'messages'>;
        const names = readdirSync(join(root, directory)).filter((name) => name.endsWith('.eml'));
        const messages = names.map((name) => readMessage(join(root, directory), name));
        messages.sort((a, b) => a.uid - b.uid);
        known.set(folder.path, new Map(names.map((name) => [Number.parseInt(name), name])));
        const uidnext = Math.max(folder.uidnext, ...messages.map(({ uid }) => uid + 1));
        return [{ ...folder, uidnext, messages }];
      });
    },
    saveMessage,
    sync(folder) {
      const names = knownIn(folder);
      const directory = directoryOf(folder.path);
      const gone = new Map(names);
      for (const message of folder.messages) {
        const before = gone.get(message.uid);
        gone.delete(message.uid);
        const name = messageName(message);
        if (before === undefined || before === name) continue;
        renameSync(join(directory, before), join(directory, name));
        names.set(message.uid, name);
      }
      if (gone.size === 0) return;
      // First the next UID, else the highest UID would be given again after a restart.
      saveFolder(folder);
      for (const [uid, name] of gone) {
        rmSync(join(directory, name));
        names.delete(uid);
      }
    },
    rewrite(folder) {
      remove(folder.path);
      saveFolder(folder);
      for (const message of folder.messages) saveMessage(folder, message);
    },
    keepOnly(paths) {
      for (const path of known.keys()) if (!paths.includes(path)) remove(path);
    },
  };
}

/** A name that is safe in a path and leaves the underscore to us: letters, digits, `-!~*'()` and `%`. */
export function fileName(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E').replaceAll('_', '%5F');
}

function messageName({ uid, internaldate, flags }: Message) {
  const seconds = Math.floor(fromInternalDate(internaldate).getTime() / 1000);
  return `${uid}_${seconds}_${flags.map(fileName).join('+')}.eml`;
}

function readMessage(directory: string, name: string): Message {
  const [uid, seconds, flags = ''] = name.slice(0, -'.eml'.length).split('_');
  return {
    uid: Number(uid),
    internaldate: toInternalDate(new Date(Number(seconds) * 1000)),
    flags: flags.split('+').filter(Boolean).map(decodeURIComponent),
    raw: readFileSync(join(directory, name), 'latin1'),
  };
}
