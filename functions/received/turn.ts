import type { FolderCursor, IncomingServer } from '../servers/incoming-server.ts';
import type { GatewayError } from '../shared/errors.ts';
import type { MailboxSession } from './mailbox-reader.ts';

/** A turn at a mailbox, as the reading of a folder sees it. */
export interface Turn {
  /** The server as it was when the turn began. */
  readonly found: IncomingServer;
  readonly session: MailboxSession;
  /** How far the folder has been read; undefined when it is met for the first time. */
  cursorOf(folder: string): FolderCursor | undefined;
  /** Remembers a cursor, to be kept when the turn ends. */
  note(cursor: FolderCursor): void;
  /** Keeps a cursor at once. */
  save(cursor: FolderCursor): Promise<void>;
  isOver(): boolean;
  /** The server as it is now; undefined when it is no longer to be read, or not by us. */
  server(): Promise<IncomingServer | undefined>;
  /** Remembers why a mail could not be read. */
  complain(error: GatewayError): void;
}
