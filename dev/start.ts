import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createApiClient } from './api-client.ts';
import { buildFunctions } from './build-functions.ts';
import './end-with-npm.ts';
import { seed } from './seed.ts';
import { startStack } from './stack.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';
import { until } from './until.ts';
import { emptyWelcome, welcome } from './welcome.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '7071' },
    func: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm start -- [--data DIR] [--port N] [--empty] [--func] [--verbose]

  --data DIR   keep everything in this folder over restarts (left out: in memory)
  --port N     where the API listens (7071; 0: any free port)
  --empty      set nothing up: that is done in the console then
  --func       start all but the host, and write local.settings.json for \`func start\` (Azure Functions Core Tools)
  --verbose    print every line of the host's log, not only warnings and errors`);
  process.exit();
}

const port = Number(values.port);

try {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port.`);
  if (port === 0 && values.func) throw new Error('--func needs a port that func start can be told.');
  buildFunctions();
  await (values.func ? startForFunc() : startAll());
} catch (thrown) {
  console.error(`\nPostern could not start. ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exit(1);
}

/** The stack with our own host. */
async function startAll(): Promise<void> {
  const quiet = /\[(?:information|debug|trace)\]/;
  const stack = await startStack({
    folder: values.data,
    port: port === 0 ? undefined : port,
    log: (line) => {
      if (values.verbose || !quiet.test(line)) console.error(line);
    },
  });
  const stop = endWith(() => stack.stop());
  void stack.host.exited.then(() => {
    stop(1);
  });
  await greet(stack, stack.url, await stack.firstAdminKey());
}

/** All but the host, for the real one. */
async function startForFunc(): Promise<void> {
  const url = `http://localhost:${port}`;
  const surroundings = await startSurroundings({ folder: values.data, publicUrl: url });
  endWith(() => surroundings.stop());
  const Values = { FUNCTIONS_WORKER_RUNTIME: 'node', ...surroundings.settings };
  const file = fileURLToPath(new URL('../local.settings.json', import.meta.url));
  writeFileSync(file, JSON.stringify({ IsEncrypted: false, Values, Host: { LocalHttpPort: port } }, undefined, 2));
  console.log('\nlocal.settings.json is written. Now, in another terminal, run:  func start\nWaiting for it...');
  const day = 24 * 60 * 60_000;
  // The functions make the first admin key within a minute.
  const key = await until(() => surroundings.readSecret('first-admin-key').catch(() => undefined), day);
  await greet(surroundings, url, key);
}

async function greet({ microsoft365 }: Surroundings, url: string, key: string): Promise<void> {
  const api = createApiClient(url, key);
  if ((await api.ask('GET', '/v1/api-keys')).status === 401) {
    console.log(`\nPostern runs at ${url}. Its first admin key was withdrawn; use one of yours.\n\nCtrl-C ends it.`);
    return;
  }
  if (values.empty) {
    console.log(emptyWelcome({ url, key }));
    return;
  }
  await seed(api);
  console.log(await welcome(api, { url, key, pages: microsoft365.pages, folder: values.data }));
}

/** Stops once: when asked to, or when the host has ended by itself, which is a failure. */
function endWith(stopAll: () => Promise<void>): (exitCode: number) => void {
  let stopping = false;
  const stop = (exitCode: number): void => {
    if (stopping) return;
    stopping = true;
    console.log(exitCode === 0 ? '\nStopping...' : '\nThe host has ended; stopping the rest.');
    void stopAll().finally(() => process.exit(exitCode));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop(0);
    });
  }
  return stop;
}
