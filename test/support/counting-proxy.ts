import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Storage } from '../../dev/storage/azurite.ts';

/** A request to storage in a few words: `table POST messages`, `queue DELETE send`. */
export type StorageRequest = string;

/** Stands between a host and its storage, and notes every request. */
export interface CountingProxy {
  /** For the host, in the place of the storage's own. */
  readonly connectionString: string;
  readonly requests: StorageRequest[];
  stop(): Promise<void>;
}

export async function startCountingProxy(storage: Storage): Promise<CountingProxy> {
  const requests: StorageRequest[] = [];
  const servers: Server[] = [];
  let { connectionString } = storage;
  for (const [service, url] of [
    ['blob', storage.blobUrl],
    ['queue', storage.queueUrl],
    ['table', storage.tableUrl],
  ] as const) {
    const server = forwardTo(new URL(url), (method, path) => requests.push(`${service} ${method} ${path}`));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    connectionString = connectionString.replace(new URL(url).host, `127.0.0.1:${port}`);
  }
  return {
    connectionString,
    requests,
    async stop() {
      for (const server of servers) {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }
    },
  };
}

function forwardTo(target: URL, note: (method: string, path: string) => void): Server {
  const agent = new Agent({ keepAlive: true });
  return createServer((incoming, outgoing) => {
    const path = decodeURIComponent((incoming.url ?? '').split('?')[0] ?? '')
      .split('/')
      .slice(2)
      .join('/');
    note(incoming.method ?? '', path);
    // The signature is of the path; the host's name is not part of it.
    const onward = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        agent,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
}
