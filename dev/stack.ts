import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startHost, type Host } from './host/start-host.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';

export interface StackOptions {
  /** Where everything is kept over restarts. Left out: a temporary folder that goes with the stack. */
  folder?: string | undefined;
  /** Where the API listens; left out: any free port. */
  port?: number | undefined;
  /** Takes every line the host prints. */
  log?: ((line: string) => void) | undefined;
  /** Where the built functions are; left out: here. */
  root?: string | undefined;
  /** Settings to add or to replace. */
  settings?: Readonly<Record<string, string>>;
}

/** Postern and all it needs, on this machine: the same functions as in Azure, told other addresses. */
export interface Stack extends Surroundings {
  readonly url: string;
  readonly host: Host;
  /** Another host on the same storage, as a second instance in Azure. */
  startSecondHost(): Promise<Host>;
  /** The key that Postern made for whoever may read the vault. */
  firstAdminKey(): Promise<string>;
}

/** Starts everything; when something does not start, what did is stopped again. The functions must be built. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const port = await portToUse(options.port);
  const url = `http://localhost:${port}`;
  const surroundings = await startSurroundings({ folder: options.folder, publicUrl: url });
  const settings = { ...surroundings.settings, ...options.settings };
  const root = options.root ?? fileURLToPath(new URL('..', import.meta.url));
  const hosts: Host[] = [];
  const startOne = async (at: number): Promise<Host> => {
    const host = await startHost({ root, port: at, env: settings, ...(options.log && { log: options.log }) });
    hosts.push(host);
    return host;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.stop()));
    await surroundings.stop();
  };

  try {
    const host = await startOne(port);
    return {
      ...surroundings,
      settings,
      url,
      host,
      startSecondHost: () => startOne(0),
      async firstAdminKey() {
        await host.runTimer('sweepTimer');
        return surroundings.readSecret('first-admin-key');
      },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/**
 * The wanted port, or a free one below those that systems give out by themselves (Linux: from 32768), for nobody must be
 * given it before our host listens there. @throws Error when the wanted one is taken
 */
async function portToUse(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw new Error(`Port ${wanted} is taken; give another one with  npm start -- --port N`);
  }
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(10_000, 32_768);
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free.');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(true);
    });
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
