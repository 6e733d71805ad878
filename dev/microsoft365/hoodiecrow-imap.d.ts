// The part of hoodiecrow-imap 2.1.0 that is used here; the package has no types.
declare module 'hoodiecrow-imap' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';

  export interface Message {
    uid: number;
    flags: string[];
    /** As IMAP writes it: `23-Nov-2026 10:00:00 +0000`. */
    internaldate: string;
    /** One character per byte. */
    raw: string;
  }

  export interface Folder {
    path: string;
    uidvalidity: number;
    uidnext: number;
    messages: Message[];
  }

  /** What a folder is made of. */
  export interface FolderSeed {
    uidvalidity: number;
    uidnext: number;
    messages: Message[];
    'special-use'?: string;
    folders?: Record<string, FolderSeed>;
  }

  export interface Connection {
    /** null after the connection was closed */
    socket: Duplex | null;
    state: 'Not Authenticated' | 'Authenticated' | 'Selected' | 'Logout';
    selectedMailbox?: Folder | false;
  }

  export interface Token {
    type: string;
    value: string;
    section?: Token[];
    partial?: number[];
  }

  export interface Command {
    tag: string;
    command: string;
    attributes?: (Token | Token[] | null)[];
  }

  export type CommandHandler = (connection: Connection, command: Command, line: string, done: () => void) => void;
  export type FetchHandler = (connection: Connection, message: Message, item: Token) => unknown;

  export interface ImapServer extends EventEmitter {
    capabilities: Record<string, (connection: Connection) => boolean>;
    /** Who may log in; testuser with testpass unless that is changed. */
    users: Record<string, { password: string }>;
    connectionHandlers: ((connection: Connection) => void)[];
    /** Called for every message that comes into a folder, also for those it starts with. */
    messageHandlers: ((server: ImapServer, message: Message, folder: Folder) => void)[];
    fetchHandlers: Record<string, FetchHandler>;
    folderCache: Record<string, Folder>;
    createClient(stream: Duplex): void;
    getMailbox(path: string): Folder | undefined;
    getCommandHandler(command: string): CommandHandler;
    setCommandHandler(command: string, handler: CommandHandler): void;
    appendMessage(folder: Folder, flags: string[], internalDate: string, raw: string): { message: Message };
  }

  export default function hoodiecrow(options: {
    storage: { INBOX: FolderSeed; '': { separator: string; folders: Record<string, FolderSeed> } };
    plugins: (string | ((server: ImapServer) => void))[];
    id: Record<string, string>;
    /** For a TLS server of its own, which is not used here; left out, the package reads its own from disk. */
    credentials: object;
  }): ImapServer;
}

declare module 'hoodiecrow-imap/lib/commands/handlers/fetch.js' {
  import type { FetchHandler } from 'hoodiecrow-imap';
  const handlers: Record<string, FetchHandler>;
  export default handlers;
}
