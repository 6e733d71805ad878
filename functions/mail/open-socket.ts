import { connect, type Socket } from 'node:net';

/**
 * Opens a TCP connection. The addresses of a host are tried in turn, IPv6 and IPv4 alternating (RFC 8305), so that a
 * broken IPv6 path costs a second, not the time-out.
 * @param patience milliseconds for all of it, the name's resolution included
 * @throws Node's error of the connection; code `CONNECT_TIMEOUT`, or `ABORT_ERR` when the signal ended it
 */
export function openSocket(host: string, port: number, patience: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000 });
    const giveUp = (code: string): void => {
      socket.destroy(withCode('No connection', code));
    };
    const onAbort = (): void => {
      giveUp('ABORT_ERR');
    };
    const timer = setTimeout(giveUp, patience, 'CONNECT_TIMEOUT');
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    socket.once('error', (error) => {
      settle();
      reject(error);
    });
    socket.once('connect', () => {
      settle();
      socket.removeAllListeners('error');
      resolve(socket);
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

/** An error that is told by its code, as Node's own are. */
export function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
