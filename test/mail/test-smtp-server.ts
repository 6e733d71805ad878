import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import type { Encryption, MailLogin } from '../../functions/servers/mail-login.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { KeyAndCertificate } from '../../dev/certificates.ts';

export interface TakenMessage {
  readonly from: string;
  readonly to: string[];
  readonly content: string;
}

/** A real SMTP server that knows one user with a token and a password, and keeps what it takes; ended with the test. */
export async function startTestSmtpServer(tls: KeyAndCertificate, options: SMTPServerOptions = {}) {
  const taken: TakenMessage[] = [];
  let connections = 0;
  const server = new SMTPServer({
    ...tls,
    authMethods: ['PLAIN', 'XOAUTH2'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      connections++;
      done();
    },
    onAuth({ accessToken, password }, _session, done) {
      if (accessToken === 'good token' || password === 'good password') done(null, { user: 'anna' });
      else done(null, { data: { status: '401', schemes: 'bearer' } });
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          content: Buffer.concat(chunks).toString('latin1'),
        });
        done(null, '2.0.0 OK queued');
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.server.address() as AddressInfo;
  return { port, taken, connections: () => connections };
}

/** How anna logs in. */
export function annasLogin(
  port: number,
  encryption: Encryption = 'starttls',
  proof: { kind: 'token' | 'password'; value: string } = { kind: 'token', value: 'good token' },
): MailLogin {
  return {
    host: 'localhost',
    port,
    encryption,
    user: 'anna@example.com',
    proof: { kind: proof.kind, secret: new Secret(proof.value) },
  };
}
