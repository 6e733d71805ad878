import { randomBytes } from 'node:crypto';
import { createAdmin } from './admin.ts';
import { readHostSettings, resolveSettings } from './host-settings.ts';
import type { Environment } from './host-settings.ts';
import { startHttp } from './http.ts';
import { createInvoker } from './invoker.ts';
import { startListeners } from './listeners.ts';
import type { Log } from './log.ts';
import { createOutputs } from './outputs.ts';
import { encodeMessage, sendEncoded } from './queue-message.ts';
import { createRouter } from './routes.ts';
import { createStorage } from './storage.ts';
import { startWorkers } from './workers.ts';

export interface RunningHost {
  readonly url: string;
  /** Opens functions whose authLevel is not anonymous. */
  readonly masterKey: string;
  /** Runs a timer function now and waits for its end. Rejects when it fails or does not exist. */
  runTimer(name: string): Promise<void>;
  /** Answers what is under way, then lets the app's appTerminate hooks run. */
  stop(): Promise<void>;
}

// How long calls that are under way may take to end after the host was told to.
const callPatience = 30_000;
const answerPatience = 2_000;

/**
 * Runs the Functions app in `root`: what `func start` would do. Rejects when the app cannot be loaded, host.json cannot be read
 * or the port is taken. `onGivenUp` is called when the app has crashed so often that the host ends.
 */
export async function runHost(options: {
  root: string;
  port: number;
  env: Environment;
  log: Log;
  onGivenUp: () => void;
}): Promise<RunningHost> {
  const { root, env, log } = options;
  const settings = readHostSettings(root, env);
  const workers = await startWorkers(root, log, options.onGivenUp);
  const { functions } = workers;
  const storage = createStorage(env);
  const sendOutputs = createOutputs(async (connection, queueName, text) => {
    const queue = await storage.queue(connection, resolveSettings(queueName, env));
    await sendEncoded(queue, encodeMessage(text, settings.queues.messageEncoding));
  });
  const invoker = createInvoker({ workers, functionTimeout: settings.functionTimeout, sendOutputs, log });
  const masterKey = randomBytes(32).toString('base64url');
  const listeners = startListeners({ functions, settings, env, storage, invoker, log });
  const http = await startHttp({
    port: options.port,
    settings,
    masterKey,
    streaming: (await workers.current()).httpUri !== undefined,
    matchRoute: createRouter(functions, settings.routePrefix, env, log),
    answerAdmin: createAdmin((name) => listeners.runTimer(name)),
    invoker,
    log,
  });
  log('Host', 'information', `${functions.length} functions loaded. Listening at ${http.url}`);

  return {
    url: http.url,
    masterKey,
    async runTimer(name) {
      const run = listeners.runTimer(name);
      if (run === undefined) throw new Error(`There is no timer function named ${name}.`);
      await run;
    },
    async stop() {
      http.close();
      const stopped = listeners.stop();
      await invoker.drain(callPatience);
      await http.closed(answerPatience);
      await workers.stop();
      await stopped;
    },
  };
}
