import type { Connection, ImapServer } from 'hoodiecrow-imap';
import { takeFault, type ImapFault } from '../faults.ts';
import { wrapCommand } from './wrap-command.ts';

const points: Record<string, ImapFault['at']> = {
  LIST: 'list',
  SELECT: 'select',
  EXAMINE: 'select',
  SEARCH: 'search',
  'UID SEARCH': 'search',
  FETCH: 'fetch',
  'UID FETCH': 'fetch',
  STORE: 'store',
  'UID STORE': 'store',
  MOVE: 'move',
  'UID MOVE': 'move',
};

/** Lets commands fail as the queue of faults says. @param addressesOf who is on a connection */
export function addCommandFaults(
  server: ImapServer,
  faults: ImapFault[],
  addressesOf: (connection: Connection) => string[],
): void {
  for (const [command, at] of Object.entries(points)) {
    wrapCommand(server, command, (connection, { tag }, handle, done) => {
      const fault = takeFault(faults, addressesOf(connection), (candidate) => candidate.at === at);
      if (!fault) {
        handle(done);
        return;
      }
      if (fault.drop) connection.socket?.destroy();
      else if (fault.reply !== undefined) connection.socket?.write(`${tag} ${fault.reply}\r\n`);
      done();
    });
  }
}
