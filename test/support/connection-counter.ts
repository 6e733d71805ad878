import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands before a server and knows how many connections it has. */
export interface ConnectionCounter {
  readonly port: number;
  /** Connections open at the same time, at most. */
  readonly most: number;
  stop(): Promise<void>;
}

export async function startConnectionCounter(port: number): Promise<ConnectionCounter> {
  const open = new Set<Socket>();
  let most = 0;
  const server = createServer((client) => {
    open.add(client);
    most = Math.max(most, open.size);
    const onward = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      one.pipe(other);
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        open.delete(client);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get most() {
      return most;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
