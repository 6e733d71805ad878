import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';
import type {
  Failure,
  FunctionMetadata,
  InvocationRequest,
  InvocationResponse,
  MessageToHost,
  MessageToWorker,
} from './rpc.ts';

/** One process that holds the app. */
export interface Worker {
  readonly functions: readonly FunctionMetadata[];
  /** Where the library's HTTP server listens, when the app streams. */
  readonly httpUri: string | undefined;
  /** Runs a function; rejects with what it threw, or with WorkerLostError when the process ended first. */
  invoke(request: InvocationRequest): Promise<InvocationResponse>;
  /** Waits no longer for a call: its promise stays open, and it does not keep the worker from being idle. */
  forget(invocationId: string): void;
  /** Resolves as soon as no call is under way. */
  idle(): Promise<void>;
  /** Lets the appTerminate hooks run, then ends the process; kills it when that takes more than ten seconds. */
  terminate(): Promise<void>;
  kill(): void;
  readonly exited: Promise<void>;
}

/** The worker ended (or never loaded the app); the message says how. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

/** A function failed; carries the stack it had in the worker. */
export class FunctionFailedError extends Error {
  override readonly name = 'FunctionFailedError';

  constructor(failure: Failure) {
    super(failure.message);
    if (failure.stack !== undefined) this.stack = failure.stack;
  }
}

interface Pending {
  resolve(response: InvocationResponse): void;
  reject(error: Error): void;
}

const terminationLimit = 10_000;
// Azure's own limit on an app's initialisation (Flex Consumption).
const loadLimit = 30_000;

/** Starts a worker and resolves when it has loaded the app; rejects with WorkerLostError when it cannot. */
export async function startWorker(root: string, log: Log): Promise<Worker> {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), ['--root', root], {
    cwd: root,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // What the app prints past its context is not lost in Azure either; there this is the category's name.
  readLines(child.stdout, (line) => {
    log('Host.Function.Console', 'information', line);
  });
  readLines(child.stderr, (line) => {
    log('Host.Function.Console', 'error', line);
  });

  const calls = new Map<string, Pending>();
  const waitingForIdle: (() => void)[] = [];
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      const how = signal ?? `exit code ${code ?? 0}`;
      for (const call of calls.values()) call.reject(new WorkerLostError(`The worker process ended (${how}).`));
      calls.clear();
      noteIdle();
      resolve();
    });
  });

  const overdue = setTimeout(() => {
    log('Host', 'error', `The app did not load within ${loadLimit / 1000} s.`);
    child.kill('SIGKILL');
  }, loadLimit);
  const loaded = await new Promise<Extract<MessageToHost, { type: 'loaded' }>>((resolve, reject) => {
    child.on('message', (message: MessageToHost) => {
      if (message.type === 'loaded') resolve(message);
      else if (message.type === 'loadFailed') {
        reject(new WorkerLostError(message.failure.stack ?? message.failure.message));
      } else if (message.type === 'log') log(message.source, message.level, message.message);
      else if (message.type !== 'terminated') settle(message);
    });
    void exited.then(() => {
      reject(new WorkerLostError('The worker process ended while it loaded the app.'));
    });
  }).finally(() => {
    clearTimeout(overdue);
  });

  function settle(message: Extract<MessageToHost, { invocationId: string }>): void {
    const call = calls.get(message.invocationId);
    calls.delete(message.invocationId);
    if (message.type === 'answer') call?.resolve(message.response);
    else call?.reject(new FunctionFailedError(message.failure));
    noteIdle();
  }

  function noteIdle(): void {
    if (calls.size === 0) for (const resolve of waitingForIdle.splice(0)) resolve();
  }

  function send(message: MessageToWorker): void {
    // A worker that is gone is noticed by its exit, which also settles its calls.
    if (child.connected) child.send(message, () => undefined);
  }

  return {
    functions: loaded.functions,
    httpUri: loaded.httpUri,
    invoke: (request) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          reject(new WorkerLostError('The worker process has ended.'));
          return;
        }
        calls.set(request.invocationId, { resolve, reject });
        send({ type: 'invoke', request });
      }),
    forget(invocationId) {
      calls.delete(invocationId);
      noteIdle();
    },
    idle: () =>
      new Promise((resolve) => {
        waitingForIdle.push(resolve);
        noteIdle();
      }),
    async terminate() {
      send({ type: 'terminate' });
      const killer = setTimeout(() => child.kill('SIGKILL'), terminationLimit);
      await exited;
      clearTimeout(killer);
    },
    kill() {
      child.kill('SIGKILL');
    },
    exited,
  };
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', onLine);
}
