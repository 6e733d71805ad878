import accounts from './en/accounts.json';
import apiKeys from './en/api-keys.json';
import destinations from './en/destinations.json';
import domains from './en/domains.json';
import incomingServers from './en/incoming-servers.json';
import messages from './en/messages.json';
import outgoingServers from './en/outgoing-servers.json';
import overview from './en/overview.json';
import parts from './en/parts.json';
import received from './en/received.json';
import setUp from './en/set-up.json';
import shell from './en/shell.json';
import words from './en/words.json';

/** Every text in this language, one file for each screen and one each for the shell, the parts and shared words. */
export const en = {
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
