import type { Command, Connection, ImapServer } from 'hoodiecrow-imap';

/** Stands before a command: does something of its own and calls `done`, or has it handled. */
type Around = (connection: Connection, command: Command, handle: (done: () => void) => void, done: () => void) => void;

/** Puts something around a command of hoodiecrow-imap (`UID FETCH`), also around what is there already. */
export function wrapCommand(server: ImapServer, name: string, around: Around): void {
  const inner = server.getCommandHandler(name);
  server.setCommandHandler(name, (connection, command, line, done) => {
    const handle = (after: () => void) => {
      inner(connection, command, line, after);
    };
    around(connection, command, handle, done);
  });
}
