import type { AddressInfo, Server, Socket } from 'node:net';

/** A server's port, which can be closed for a while. */
export interface Listener {
  port: number;
  /** Ends all connections and refuses new ones. */
  close(): Promise<void>;
  /** Listens on the same port again. */
  open(): Promise<void>;
}

/** Begins to listen on the loopback. @throws Error when the port is taken */
export async function createListener(server: Server, wanted: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(wanted);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async open() {
      if (!server.listening) await listen(port);
    },
  };
}
