import { expect, test } from 'vitest';
import { startDelayingProxy } from '../../bench/delaying-proxy.ts';
import { until } from '../../dev/until.ts';
import { openImapMailbox } from '../../functions/mail/imap-mailbox-reader.ts';
import { mailCall } from './mail-call.ts';
import { startExchange } from './scripted-exchange.ts';
import { mailboxLogin } from './test-imap-server.ts';

test('a look at Exchange with nothing new takes six turns, and nobody waits for the last', async () => {
  const said: string[] = [];
  const port = await startExchange({
    LOGOUT: () => {
      said.push('LOGOUT');
    },
  });
  const proxy = await startDelayingProxy(port, 0);
  const session = await openImapMailbox(mailboxLogin(proxy.port), mailCall());
  expect(await session.open('INBOX')).toEqual({ uidValidity: 14, uidNext: 10 });
  expect(await session.after(9, 50)).toEqual([]);
  // TLS twice, CAPABILITY, AUTHENTICATE, EXAMINE.
  expect(proxy.turns).toBe(5);
  await session.close();
  await until(() => Promise.resolve(said.length > 0));
  expect(proxy.turns).toBe(6);
  await proxy.stop();
});
