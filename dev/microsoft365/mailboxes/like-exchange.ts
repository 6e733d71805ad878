import type { ImapServer } from 'hoodiecrow-imap';
import { fetchHandlers } from './fetch-handlers.ts';
import { wrapCommand } from './wrap-command.ts';

/** What Exchange Online announces, before the sign-in and after. No CONDSTORE, no SPECIAL-USE. */
export const capabilities = 'IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT IDLE NAMESPACE LITERAL+';

/** What Exchange says to `ID` (RFC 2971). */
export const serverId = { name: 'Microsoft.Exchange.Imap4.Imap4Server', version: '15.20' };

/** Makes hoodiecrow-imap behave as Exchange Online does. */
export function behaveLikeExchange(server: ImapServer): void {
  const announced = capabilities.split(' ').slice(1);
  server.capabilities = Object.fromEntries(announced.map((name) => [name, () => true]));
  // Whoever gets here has proved himself to the front.
  server.connectionHandlers.push((connection) => {
    connection.state = 'Authenticated';
  });
  Object.assign(server.fetchHandlers, fetchHandlers);
  for (const command of ['SELECT', 'EXAMINE', 'STATUS']) sayNoToMissingFolders(server, command);
}

/** hoodiecrow-imap says BAD, which would mean that the client broke the protocol (RFC 3501 section 7.1.3). */
function sayNoToMissingFolders(server: ImapServer, command: string) {
  wrapCommand(server, command, (connection, { tag, attributes }, handle, done) => {
    const [name] = attributes ?? [];
    if (!name || Array.isArray(name) || server.getMailbox(name.value)) {
      handle(done);
      return;
    }
    connection.socket?.write(`${tag} NO ${name.value} doesn't exist.\r\n`);
    done();
  });
}
