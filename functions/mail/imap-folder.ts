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

/**
 * Opens folders by STATUS, and selects them (EXAMINE, which marks nothing) when a command needs it: imapflow lists a
 * folder in two commands before it selects it, and most polls find nothing new.
 */
export function createImapFolder(link: ImapLink): ImapFolder {
  let opened: { folder: string; state: FolderState; selected: false | 'to read' | 'to change' } | undefined;

  async function select(folder: string, selected: 'to read' | 'to change' = 'to read'): Promise<FolderState> {
    const readOnly = selected === 'to read';
    const { uidValidity, uidNext } = await link.run((client) => client.mailboxOpen(folder, { readOnly }), folder);
    const state = { uidValidity: Number(uidValidity), uidNext };
    opened = { folder, state, selected };
    return state;
  }

  function demandSame(folder: string, expected: number, { uidValidity }: FolderState): void {
    if (uidValidity === expected) return;
    throw new GatewayError('mail-server-busy', `The folder "${folder}" was made anew while it was opened.`);
  }

  async function run<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    if (opened?.selected === false) {
      const { folder, state } = opened;
      demandSame(folder, state.uidValidity, await select(folder));
    }
    return link.run(work);
  }

  return {
    get state() {
      return opened?.state;
    },
    async open(folder) {
      // RFC 3501 6.3.10: not to be asked about the selected folder.
      if (opened?.folder === folder && opened.selected !== false) return select(folder);
      const status = await link.run((client) => client.status(folder, { uidNext: true, uidValidity: true }), folder);
      // imapflow answers false to a refusal and does not say which; selecting the folder does.
      if (status === false || status.uidNext === undefined || status.uidValidity === undefined) return select(folder);
      const state = { uidValidity: Number(status.uidValidity), uidNext: status.uidNext };
      opened = { folder, state, selected: false };
      return state;
    },
    run,
    async change({ folder, uidValidity }, work) {
      const isOpen = opened?.folder === folder && opened.selected === 'to change';
      demandSame(folder, uidValidity, isOpen && opened ? opened.state : await select(folder, 'to change'));
      return link.run(work);
    },
    async visit(folder, work) {
      const before = opened;
      try {
        await select(folder);
        return await link.run(work);
      } finally {
        opened = before && { ...before, selected: false };
      }
    },
  };
}
