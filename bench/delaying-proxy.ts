import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands before a server, as far away as a network would put it. */
export interface DelayingProxy {
  readonly port: number;
  /** Turns of clients so far: each is one round trip. The handshakes of TCP are not among them. */
  readonly turns: number;
  stop(): Promise<void>;
}

/** Forwards every octet after half of the round trip (milliseconds), in order, without a limit of bandwidth. */
export async function startDelayingProxy(port: number, roundTrip: number): Promise<DelayingProxy> {
  const sockets = new Set<Socket>();
  let turns = 0;
  const server = createServer((client) => {
    const onward = connect(port, '127.0.0.1');
    let isClientsTurn = false;
    client.on('data', () => {
      if (!isClientsTurn) turns += 1;
      isClientsTurn = true;
    });
    onward.on('data', () => (isClientsTurn = false));
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        onward.destroy();
      });
    }
    forward(client, onward, roundTrip / 2);
    forward(onward, client, roundTrip / 2);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get turns() {
      return turns;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function forward(from: Socket, to: Socket, delay: number): void {
  const later = (act: () => void): void => {
    if (delay === 0) act();
    else setTimeout(act, delay);
  };
  from.on('data', (data) => {
    later(() => to.writable && to.write(data));
  });
  from.on('end', () => {
    later(() => to.end());
  });
}
