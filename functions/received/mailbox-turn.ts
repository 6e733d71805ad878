import { logInAs, recentAccount } from '../servers/log-in.ts';
import { logInWithPassword } from '../servers/log-in-with-password.ts';
import {
  afterFetchOf,
  placeOf,
  type FolderCursor,
  type IncomingServer,
  type IncomingState,
} from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import type { MailboxSession } from './mailbox-reader.ts';
import { openPatiently } from './patience.ts';
import { readFolder } from './read-folder.ts';
import { settleMail } from './settle-mail.ts';

/** One turn at a mailbox: all its folders, one after the other over one connection. `keep` writes down how far it is. */
export function createMailboxTurn(
  call: Call,
  server: IncomingServer,
  before: IncomingState,
  isOver: () => boolean,
  keep: (state: IncomingState) => Promise<void>,
  ports: FetchPorts,
) {
  let state = before;
  let trouble: GatewayError | undefined;
  let hasKept = false;

  function note(cursor: FolderCursor): void {
    const others = state.cursors.filter(({ folder }) => folder !== cursor.folder);
    state = { ...state, cursors: [...others, cursor] };
  }

  function cursorOf(folder: string): FolderCursor | undefined {
    const isOfFolder = (cursor: FolderCursor): boolean => cursor.folder === folder;
    return state.cursors.find(isOfFolder) ?? server.starts?.find(isOfFolder);
  }

  async function save(cursor: FolderCursor): Promise<void> {
    note(cursor);
    // Where mail comes through, failures are not in a row.
    const { failingSince, ownFailuresSince, ...rest } = state;
    state = { ...rest, failures: 0 };
    await keep(state);
    hasKept = true;
  }

  async function serverNow(): Promise<IncomingServer | undefined> {
    if (call.signal.aborted) return undefined;
    const now = (await ports.incomingServers.get(server.id))?.value;
    return now?.state === 'confirmed' && placeOf(now) === before.place ? now : undefined;
  }

  function complain(error: GatewayError): void {
    trouble ??= error;
  }

  /** After all folders: a server that breaks the connection over it must keep no mail from being read. */
  async function settleAll(session: MailboxSession): Promise<void> {
    const waiting = server.folders.flatMap((folder) => cursorOf(folder) ?? []).filter(({ unsettled }) => unsettled);
    const now = waiting.length === 0 || isOver() ? undefined : await serverNow();
    if (now === undefined) return;
    for (const cursor of waiting) note(await settleMail(cursor, afterFetchOf(now), { session, complain }));
  }

  async function logIn(): Promise<MailboxSession> {
    const open = openPatiently(ports.openMailbox);
    const { account } = server;
    if (account === undefined) return logInWithPassword(call, server, ports.heldSecrets, open);
    return logInAs(await recentAccount(account, ports.accounts), call, server, ports, open);
  }

  return {
    /** How far it is by now. */
    state: (): IncomingState => state,
    /** Whether mail has come through. */
    hasKept: (): boolean => hasKept,
    /**
     * Answers what has not kept the rest from being read: a folder that is gone, a mail that cannot be had,
     * or be marked.
     * @throws GatewayError what `logIn`, the session and our storage throw
     */
    async readAll(): Promise<GatewayError | undefined> {
      const session = await logIn();
      try {
        const turn = {
          found: server,
          session,
          cursorOf,
          note,
          save,
          isOver,
          server: serverNow,
          complain,
        };
        for (const folder of server.folders) {
          try {
            await readFolder(call, folder, turn, ports);
          } catch (thrown) {
            const error = toGatewayError(thrown);
            if (error.code !== 'folder-not-found') throw error;
            complain(error);
          }
        }
        await settleAll(session);
      } finally {
        await session.close();
      }
      return trouble;
    },
  };
}
