import { rmSync } from 'node:fs';
import { readIfThere, writeAtomically } from '../atomic-file.ts';
import type { Mailbox } from './mailbox.ts';

/** A message as it is to lie in a folder of a mailbox. */
export interface Copy {
  mailbox: Mailbox;
  path: string;
  raw: Buffer;
  flags?: readonly string[];
}

/** Files copies, which are on disk when this returns. @throws Error when a folder is not there */
export type FileCopies = (copies: readonly Copy[]) => void;

/** A copy as it is written down: whose it is, with the UID it gets, in base64. */
type Note = Pick<Copy, 'path' | 'flags'> & { address: string; uid: number; raw: string };

/**
 * What files the copies of a message all or none, also when the process is killed in the middle: Exchange, too, files
 * whatever it has taken, with the recipients and in Sent Items. They are written down in `journal` before the first is
 * filed, and a start files what is missing.
 * @param journal left out: the mailboxes are in memory only
 */
export function createFileCopies(mailboxOf: (address: string) => Mailbox | undefined, journal?: string): FileCopies {
  if (journal === undefined) return fileAll;
  for (const { address, path, uid, raw, flags } of JSON.parse(readIfThere(journal) ?? '[]') as Note[]) {
    const mailbox = mailboxOf(address);
    if (mailbox && mailbox.uidNext(path) <= uid) mailbox.append(path, Buffer.from(raw, 'base64'), flags);
  }
  rmSync(journal, { force: true });

  return (copies) => {
    const notes = copies.map(({ mailbox, path, raw, flags }, index): Note => {
      const before = copies.slice(0, index).filter((other) => other.mailbox === mailbox && other.path === path);
      const uid = mailbox.uidNext(path) + before.length;
      return { address: mailbox.address, path, uid, raw: raw.toString('base64'), ...(flags && { flags }) };
    });
    writeAtomically(journal, JSON.stringify(notes));
    fileAll(copies);
    rmSync(journal);
  };
}

function fileAll(copies: readonly Copy[]): void {
  for (const { mailbox, path, raw, flags } of copies) mailbox.append(path, raw, flags);
}
