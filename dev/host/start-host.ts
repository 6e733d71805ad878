import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FromHost, ToHost } from './host-messages.ts';

/** A host in a process of its own. */
export interface Host {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** Opens functions whose authLevel is not anonymous (header x-functions-key). */
  readonly masterKey: string;
  /** Runs a timer function now and waits for its end. Rejects when it fails, does not exist, or the host ends. */
  runTimer(name: string): Promise<void>;
  /** Lets calls in flight end and the app's appTerminate hooks run. */
  stop(): Promise<void>;
  /** As `kill -9`. */
  kill(): void;
  /** The exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

export interface HostOptions {
  /** The folder with package.json and host.json. */
  root: string;
  /** Any free one when left out. */
  port?: number;
  /** The app settings. Of this process's own environment the app gets only what a process needs to run. */
  env: Readonly<Record<string, string>>;
  /** Takes every line the host prints. */
  log?: (line: string) => void;
}

const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE'];
const linesKept = 200;

/** Starts the host in a process of its own; it ends when this one does. Rejects with its last lines when it does not start. */
export async function startHost(options: HostOptions): Promise<Host> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--root', options.root, '--port', String(options.port ?? 0)], {
    env: { ...inheritedEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastLines: string[] = [];
  const onLine = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > linesKept) lastLines.shift();
    options.log?.(line);
  };
  if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
  if (child.stderr) createInterface({ input: child.stderr }).on('line', onLine);

  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const runs = new Map<number, PromiseWithResolvers<void>>();
  let lastRun = 0;
  void exited.then(() => {
    for (const run of runs.values()) run.reject(new Error('The host ended.'));
  });

  const ready = await new Promise<Extract<FromHost, { type: 'ready' }>>((resolve, reject) => {
    child.once('error', reject);
    child.on('message', (message: FromHost) => {
      if (message.type === 'ready') resolve(message);
      else settleRun(message);
    });
    void exited.then((code) => {
      reject(
        new Error(`The host ended with exit code ${code ?? 'none'} instead of starting:\n${lastLines.join('\n')}`),
      );
    });
  });

  function settleRun({ id, error }: Extract<FromHost, { type: 'timerRan' }>): void {
    const run = runs.get(id);
    runs.delete(id);
    if (error === undefined) run?.resolve();
    else run?.reject(new Error(error));
  }

  return {
    url: ready.url,
    masterKey: ready.masterKey,
    pid: child.pid ?? 0,
    async runTimer(name) {
      if (!child.connected) throw new Error('The host has ended.');
      const run = Promise.withResolvers<undefined>();
      const message: ToHost = { type: 'runTimer', id: (lastRun += 1), name };
      runs.set(message.id, run as PromiseWithResolvers<void>);
      child.send(message);
      await run.promise;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
    kill() {
      child.kill('SIGKILL');
    },
    exited,
  };
}

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
