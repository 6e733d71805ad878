import type { ImapServer } from 'hoodiecrow-imap';
import type { MessageFiles } from './message-files.ts';
import { wrapCommand } from './wrap-command.ts';

const messageCommands = ['STORE', 'FETCH', 'EXPUNGE', 'MOVE'].flatMap((command) => [command, `UID ${command}`]);
const folderCommands = ['CREATE', 'DELETE', 'RENAME'];

/** Writes to disk what clients change, in the same turn of the event loop in which they are answered. */
export function keepOnDisk(server: ImapServer, files: MessageFiles): void {
  server.messageHandlers.push((_server, message, folder) => {
    files.saveMessage(folder, message);
  });
  for (const command of [...messageCommands, 'CLOSE']) {
    wrapCommand(server, command, (connection, _command, handle, done) => {
      const folder = connection.selectedMailbox;
      handle(() => {
        if (folder) files.sync(folder);
        done();
      });
    });
  }
  for (const command of folderCommands) {
    wrapCommand(server, command, (_connection, _command, handle, done) => {
      handle(() => {
        const folders = Object.values(server.folderCache);
        files.keepOnly(folders.map(({ path }) => path));
        for (const folder of folders) files.sync(folder);
        done();
      });
    });
  }
}
