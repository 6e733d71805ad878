import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { greet } from './imap-front.ts';

export interface ImapListener {
  port: number;
  stop(): Promise<void>;
}

/**
 * Serves IMAP over TLS.
 *
 * @throws Error when the certificate is not usable or the port is taken
 */
export async function startImapServer(
  options: { tls: { key: string; cert: string }; port: number; onConnection: () => void } & Parameters<typeof greet>[1],
): Promise<ImapListener> {
  const sockets = new Set<Socket>();
  // Answers come in several small writes: without noDelay each command would take the 40 ms of a delayed ACK.
  const server = createServer({ key: options.tls.key, cert: options.tls.cert, noDelay: true }, (socket) => {
    // A client that goes away without a word is nobody's fault.
    socket.on('error', () => socket.destroy());
    options.onConnection();
    greet(socket, options);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
