import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import { startWorker } from './worker-process.ts';
import type { Worker } from './worker-process.ts';
import type { FunctionMetadata } from './rpc.ts';

/** The one worker in service, replaced whenever it dies. */
export interface Workers {
  readonly functions: readonly FunctionMetadata[];
  /** The worker that takes new calls; waits while one is being started. */
  current(): Promise<Worker>;
  /** Takes a worker out of service: a new one starts at once, the old one ends when its other calls have. */
  retire(worker: Worker, patience: number): void;
  stop(): Promise<void>;
}

const crashesAllowed = 3;
const crashWindow = 30 * 60_000;

/**
 * Starts the app's worker and keeps it running as the Functions host does: a crash starts a new worker at once, the
 * third within 30 minutes calls `onGivenUp`. Rejects when the app cannot be loaded the first time.
 */
export async function startWorkers(root: string, log: Log, onGivenUp: () => void): Promise<Workers> {
  const crashes: number[] = [];
  const retired = new Set<Worker>();
  let stopping = false;
  let current = launch();
  const { functions } = await current;

  async function launch(): Promise<Worker> {
    const worker = await startWorker(root, log);
    void worker.exited.then(() => {
      if (!stopping && !retired.delete(worker)) replaceCrashed();
    });
    return worker;
  }

  function replaceCrashed(): void {
    const now = Date.now();
    crashes.push(now);
    const recent = crashes.filter((at) => now - at < crashWindow).length;
    log('Host', 'error', `The worker process crashed (${recent} of ${crashesAllowed} within 30 minutes).`);
    if (recent >= crashesAllowed) onGivenUp();
    else replace();
  }

  function replace(): void {
    current = launch();
    current.catch((error: unknown) => {
      log('Host', 'error', `The new worker did not start: ${messageOf(error)}`);
      if (!stopping) replaceCrashed();
    });
  }

  return {
    functions,
    current: () => current,
    retire(worker, patience) {
      if (retired.has(worker)) return;
      retired.add(worker);
      log('Host', 'warning', 'Restarting the worker process.');
      replace();
      const killer = setTimeout(
        () => {
          worker.kill();
        },
        Math.min(patience, 2 ** 31 - 1),
      );
      void worker.idle().then(() => {
        clearTimeout(killer);
        worker.kill();
      });
    },
    async stop() {
      stopping = true;
      for (const worker of retired) worker.kill();
      const worker = await current.catch(() => undefined);
      await worker?.terminate();
    },
  };
}
