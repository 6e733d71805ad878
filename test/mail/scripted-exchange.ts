import { startScriptedServer, type Peer } from './scripted-server.ts';
import { trustedAuthority } from './trusted-authority.ts';

const tls = await (await trustedAuthority()).issue(['localhost']);
const capabilities = 'IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT IDLE NAMESPACE LITERAL+';

type Answers = Record<string, string | string[] | ((peer: Peer) => void)>;

/** Exchange Online as far as a client sees it, but for these answers; ended with the test. @returns its port */
export async function startExchange(answers: Answers = {}): Promise<number> {
  return startScriptedServer(async (peer) => {
    peer.say('* OK The Microsoft Exchange IMAP4 service is ready.');
    for (;;) {
      const [tag = '', command = '', argument = ''] = (await peer.hear()).split(' ');
      const name = command === 'UID' ? `UID ${argument}` : command;
      const answer = { ...usual, ...answers }[name] ?? 'OK completed.';
      if (typeof answer === 'function') answer(peer);
      else peer.say(...[answer].flat().map((line) => (line.startsWith('*') ? line : `${tag} ${line}`)));
    }
  }, tls);
}

const usual: Answers = {
  CAPABILITY: [`* CAPABILITY ${capabilities}`, 'OK CAPABILITY completed.'],

  LIST: ['* LIST (\\HasNoChildren) "/" INBOX', 'OK LIST completed.'],
  EXAMINE: ['* 1 EXISTS', '* OK [UIDVALIDITY 14] ok', '* OK [UIDNEXT 10] ok', 'OK [READ-ONLY] EXAMINE completed.'],
};
