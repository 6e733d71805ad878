import accounts from './fr/accounts.json';
import apiKeys from './fr/api-keys.json';
import destinations from './fr/destinations.json';
import domains from './fr/domains.json';
import incomingServers from './fr/incoming-servers.json';
import messages from './fr/messages.json';
import outgoingServers from './fr/outgoing-servers.json';
import overview from './fr/overview.json';
import parts from './fr/parts.json';
import received from './fr/received.json';
import setUp from './fr/set-up.json';
import shell from './fr/shell.json';
import words from './fr/words.json';

/** Every text in this language, one file for each screen and one each for the shell, the parts and shared words. */
export const fr = {
  accounts,
  apiKeys,
  destinations,
  domains,
  incomingServers,
  messages,
  outgoingServers,
  overview,
  parts,
  received,
  setUp,
  shell,
  words,
};
