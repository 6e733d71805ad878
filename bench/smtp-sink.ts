import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { KeyAndCertificate } from '../dev/certificates.ts';

/** A mail server (STARTTLS, XOAUTH2, PIPELINING) that takes everything, counts it and drops it. */
export interface SmtpSink {
  readonly port: number;
  /** When each message was taken, milliseconds. */
  readonly taken: number[];
  readonly connections: number;
  stop(): Promise<void>;
}

export async function startSmtpSink(tls: KeyAndCertificate): Promise<SmtpSink> {
  const taken: number[] = [];
  let connections = 0;
  const server = new SMTPServer({
    ...tls,
    authMethods: ['XOAUTH2'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onAuth(_auth, _session, done) {
      done(null, { user: 'anybody' });
    },
    onData(stream, _session, done) {
      stream.resume();
      stream.on('end', () => {
        taken.push(performance.now());
        done(null, '2.0.0 OK');
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    get connections() {
      return connections;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
