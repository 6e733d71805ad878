import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { KeyAndCertificate } from '../../dev/certificates.ts';

/** The other end of a connection that follows a script. */
export interface Peer {
  say(...lines: string[]): void;
  /** The next line the client sends; never resolves after it has gone. */
  hear(): Promise<string>;
  hangUp(): void;
  readonly gone: Promise<unknown>;
}

/** A server, with TLS or without, that does with every connection what the script says; ended with the test. */
export async function startScriptedServer(
  script: (peer: Peer) => Promise<void>,
  tls?: KeyAndCertificate,
): Promise<number> {
  const sockets = new Set<Socket>();
  const meet = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    void script(peerOf(socket));
  };
  const server = tls === undefined ? createServer(meet) : createTlsServer(tls, meet);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function peerOf(socket: Socket): Peer {
  const heard: string[] = [];
  let rest = '';
  let wake: (() => void) | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => {
    const lines = (rest + data).split('\r\n');
    rest = lines.pop() ?? '';
    heard.push(...lines);
    wake?.();
  });
  return {
    say(...lines) {
      socket.write(lines.map((line) => `${line}\r\n`).join(''));
    },
    async hear() {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard.shift() ?? '';
    },
    hangUp() {
      socket.destroy();
    },
    gone: once(socket, 'close'),
  };
}
