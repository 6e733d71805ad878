import { createServer } from 'node:tls';
import { createListener, type Listener } from '../listener.ts';
import { greet } from './imap-front.ts';

export interface ImapListener extends Listener {
  /** Shows clients another certificate from now on. */
  present(tls: { key: string; cert: string }): void;
}

/**
 * Serves IMAP over TLS.
 *
 * @throws Error when the certificate is not usable or the port is taken
 */
export async function startImapServer(
  options: { tls: { key: string; cert: string }; port: number; onConnection: () => void } & Parameters<typeof greet>[1],
): Promise<ImapListener> {
  // Answers come in several small writes: without noDelay each command would take the 40 ms of a delayed ACK.
  const server = createServer({ key: options.tls.key, cert: options.tls.cert, noDelay: true }, (socket) => {
    // A client that goes away without a word is nobody's fault.
    socket.on('error', () => socket.destroy());
    options.onConnection();
    greet(socket, options);
  });
  return {
    ...(await createListener(server, options.port)),
    present(tls) {
      server.setSecureContext(tls);
    },
  };
}
