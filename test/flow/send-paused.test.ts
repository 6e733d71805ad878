import { beforeAll, describe, expect, it } from 'vitest';
import type { SmtpFault } from '../../dev/microsoft365/faults.ts';
import { until } from '../../dev/until.ts';
import { walkSignIn } from '../../dev/walk-sign-in.ts';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

interface Server {
  readonly id: string;
  readonly lastError?: { readonly code: string; readonly remedy?: string };
  readonly pausedUntil?: string;
}

let flow: SendingFlow;
let account: { id: string };
let server: { id: string };
beforeAll(async () => {
  flow = await startSendingFlow();
  account = await flow.connect('ada@contoso.example');
  server = await flow.addServer({ name: 'Ada', account: account.id });
});

const shown = (id = server.id): Promise<Server> => flow.api.call('GET', `/v1/outgoing-servers/${id}`);

/** Ada signs in again. */
async function reconnect(): Promise<void> {
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account.id}/connect`);
  expect((await walkSignIn(authorizeUrl)).status).toBe(200);
}

async function deliveredTimes(messageId: string): Promise<number> {
  const mails = await mailOf(flow.microsoft365, 'grace@contoso.example');
  return mails.filter((mail) => mail.messageId === messageId).length;
}

const authDisabled =
  '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.';

describe('while a server cannot send', () => {
  const faults: [string, SmtpFault, string][] = [
    ['throttles connections', { at: 'connect', reply: '421 4.3.2 Service not available' }, 'mail-server-busy'],
    ['hangs up', { at: 'connect', drop: true }, 'mail-server-unreachable'],
    [
      'refuses the login',
      { at: 'auth', reply: '535 5.7.3 Authentication unsuccessful', times: 2 },
      'mail-login-refused',
    ],
    ['has SMTP AUTH switched off', { at: 'auth', reply: authDisabled }, 'smtp-auth-disabled'],
    [
      'has too many senders',
      { at: 'mail', reply: '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded' },
      'mail-server-busy',
    ],
    ['hangs up before the content', { at: 'rcpt', drop: true }, 'mail-server-unreachable'],
  ];

  it.each(faults)(
    'that %s, its messages wait and say why, and go out once when somebody has acted',
    async (_, fault, code) => {
      flow.microsoft365.faults.smtp.push(fault);
      const first = await flow.accept({ subject: 'Waiting' });
      const deferred = await flow.reaches(first.id, 'deferred');
      expect(deferred).toMatchObject({ cause: { code } });
      expect(Date.parse(deferred.nextAttemptAt ?? '')).toBeGreaterThan(Date.now());
      const paused = await until(async () => (await shown()).pausedUntil !== undefined && shown());
      expect(paused.lastError).toMatchObject({ code });
      if (code === 'smtp-auth-disabled') {
        expect(deferred.cause).toMatchObject({ actor: 'tenant admin' });
        expect(deferred.cause?.remedy).toContain(
          'Set-CASMailbox -Identity ada@contoso.example -SmtpClientAuthenticationDisabled $false',
        );
      }

      // What comes meanwhile waits, too, and nobody knocks at the server.
      const { smtpConnections } = flow.microsoft365.sessions;
      const second = await flow.accept({ subject: 'Waiting, too' });
      await flow.host.runTimer('sweepTimer');
      expect((await flow.message(second.id)).status).toBe('queued');
      expect(flow.microsoft365.sessions.smtpConnections).toBe(smtpConnections);

      await reconnect();
      await flow.reaches(second.id, 'sent');
      // The one that met it has a time of its own, unless it had not even begun.
      if (deferred.attempts === 0) await flow.reaches(first.id, 'sent');
      expect(await deliveredTimes(second.messageId)).toBe(1);
      expect(await deliveredTimes(first.messageId)).toBe(deferred.attempts === 0 ? 1 : 0);
      expect(await until(async () => (await shown()).pausedUntil === undefined && shown())).not.toHaveProperty(
        'lastError',
      );
    },
  );
});

it('a server that nobody listens at is unreachable, until its port is mended', async () => {
  const { port } = flow.microsoft365.smtp;
  const closed = await flow.addServer({ name: 'Closed', account: account.id, port: 9, fromFilter: [] });
  const { id, messageId } = await flow.accept({ outgoingServer: closed.id });
  const deferred = await flow.reaches(id, 'deferred');
  expect(deferred).toMatchObject({ attempts: 0, cause: { code: 'mail-server-unreachable', actor: 'operator' } });
  expect(deferred.cause?.detail).toContain('localhost:9: it refuses the connection');
  await flow.api.call('PATCH', `/v1/outgoing-servers/${closed.id}`, { port });
  await flow.reaches(id, 'sent');
  expect(await deliveredTimes(messageId)).toBe(1);
  expect(await flow.api.ask('DELETE', `/v1/outgoing-servers/${closed.id}`)).toMatchObject({ status: 204 });
});

it('an account whose consent was withdrawn is marked; its mail waits for the next consent', async () => {
  await flow.send();
  flow.microsoft365.revoke('ada@contoso.example');
  // The access token is still good; the server asks for another.
  flow.microsoft365.faults.smtp.push({ at: 'auth', reply: '535 5.7.3 Authentication unsuccessful' });
  const { id, messageId } = await flow.accept();
  const deferred = await flow.reaches(id, 'deferred');
  expect(deferred).toMatchObject({ cause: { code: 'reauth-required', actor: 'mailbox owner' } });
  expect(await flow.api.call('GET', `/v1/accounts/${account.id}`)).toMatchObject({ state: 'reauth-required' });
  const { tokenRequests } = flow.microsoft365.sessions;
  await flow.accept();
  await flow.host.runTimer('sweepTimer');
  expect(flow.microsoft365.sessions.tokenRequests).toBe(tokenRequests);

  await reconnect();
  await flow.reaches(id, 'sent');
  expect(await deliveredTimes(messageId)).toBe(1);
});

it('a server that still has something to send is not removed', async () => {
  flow.microsoft365.faults.smtp.push({ at: 'connect', drop: true });
  const { id } = await flow.accept();
  await flow.reaches(id, 'deferred');
  const answer = await flow.api.ask('DELETE', `/v1/outgoing-servers/${server.id}`);
  expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await reconnect();
  await flow.reaches(id, 'sent');
});
