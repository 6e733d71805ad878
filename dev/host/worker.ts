/**
 * The worker process: it holds the app and nothing else, so that whatever the app does to its process (an unhandled
 * rejection, process.exit) happens to the worker and not to the host, as in Azure.
 */
import { parseArgs } from 'node:util';
import { provideFunctionsCore } from './functions-core.ts';
import { invoke } from './invoke.ts';
import { loadApp, terminateApp } from './load-app.ts';
import type { App } from './load-app.ts';
import type { Failure, InvocationRequest, LogLevel, MessageToHost, MessageToWorker } from './rpc.ts';

const { values } = parseArgs({ options: { root: { type: 'string' } } });
const root = values.root;
if (root === undefined) throw new Error('--root <app folder> is missing.');

// Ctrl-C reaches the whole process group: when the worker ends is the host's decision.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));

const registrations = provideFunctionsCore((level, category, message) => {
  log('Worker', level, category, message);
});

try {
  const app = await loadApp(root, registrations);
  process.on('message', (message: MessageToWorker) => {
    void receive(app, message);
  });
  const functions = [...registrations.functions.values()].map(({ metadata }) => metadata);
  send({ type: 'loaded', functions, ...(app.httpUri === undefined ? {} : { httpUri: app.httpUri }) });
} catch (error) {
  send({ type: 'loadFailed', failure: toFailure(error) }, () => process.exit(1));
}

async function receive(app: App, message: MessageToWorker): Promise<void> {
  if (message.type === 'invoke') {
    await answer(app, message.request);
    return;
  }
  await terminateApp(app, (error) => {
    log('Worker', 'error', 'system', `An appTerminate hook failed: ${toFailure(error).message}`);
  });
  // The last message out takes all log lines before it along; exiting at once could lose them.
  send({ type: 'terminated' }, () => process.exit(0));
}

async function answer(app: App, request: InvocationRequest): Promise<void> {
  const { invocationId } = request;
  try {
    const response = await invoke(app, request, (level, category, message) => {
      log(`Functions.${request.functionId}`, level, category, message);
    });
    send({ type: 'answer', invocationId, response });
  } catch (error) {
    send({ type: 'failure', invocationId, failure: toFailure(error) });
  }
}

function log(source: string, level: LogLevel, category: string, message: string): void {
  // The library's own chatter is of use only when something is wrong with it.
  const chatter = category === 'system' && (level === 'trace' || level === 'debug' || level === 'information');
  if (!chatter) send({ type: 'log', source, level, message });
}

function send(message: MessageToHost, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent);
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}
