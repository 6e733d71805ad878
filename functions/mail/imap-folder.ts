import type { ImapFlow } from 'imapflow';
import type { FolderState, KnownFolder } from '../received/mailbox-reader.ts';
import { GatewayError } from '../shared/errors.ts';
import type { ImapLink } from './imap-link.ts';

/** The folder a session is in. */
export interface ImapFolder {
  /** As it was when it was opened; undefined before. */
  readonly state: FolderState | undefined;
  open(folder: string): Promise<FolderState>;
  /** Runs commands that need the folder selected. */
  run<T>(work: (client: ImapFlow) => Promise<T>): Promise<T>;
  /** Runs commands that change a folder: only then it is SELECTed. It stays open. */
  change<T>(where: KnownFolder, work: (client: ImapFlow) => Promise<T>): Promise<T>;
  /** Runs commands in another folder, and comes back. */
  visit<T>(folder: string, work: (client: ImapFlow) => Promise<T>): Promise<T>;
}

/** Opens folders by EXAMINE (RFC 3501 6.3.2), which marks nothing, and by SELECT where something is to be changed. */
export function createImapFolder(link: ImapLink): ImapFolder {
  let opened: { folder: string; state: FolderState; isSelected: boolean; readOnly: boolean } | undefined;

  async function select(folder: string, readOnly = true): Promise<FolderState> {
    const { uidValidity, uidNext } = await link.run((client) => client.mailboxOpen(folder, { readOnly }), folder);
    const state = { uidValidity: Number(uidValidity), uidNext };
    opened = { folder, state, isSelected: true, readOnly };
    return state;
  }

  function demandSame(folder: string, expected: number, { uidValidity }: FolderState): void {
    if (uidValidity === expected) return;
    throw new GatewayError('mail-server-busy', `The folder "${folder}" was made anew while it was opened.`);
  }

  return {
    get state() {
      return opened?.state;
    },
    open: (folder) => select(folder),
    async run(work) {
      if (opened?.isSelected === false) {
        const { folder, state } = opened;
        demandSame(folder, state.uidValidity, await select(folder));
      }
      return link.run(work);
    },
    async change({ folder, uidValidity }, work) {
      const isOpen = opened?.folder === folder && opened.isSelected && !opened.readOnly;
      demandSame(folder, uidValidity, isOpen && opened ? opened.state : await select(folder, false));
      return link.run(work);
    },
    async visit(folder, work) {
      const before = opened;
      try {
        await select(folder);
        return await link.run(work);
      } finally {
        opened = before && { ...before, isSelected: false };
      }
    },
  };
}
