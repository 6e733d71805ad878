import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createApiClient } from './api-client.ts';
import { buildFunctions } from './build-functions.ts';
import './end-with-npm.ts';
import { seed } from './seed.ts';
import { startStack } from './stack.ts';
import { startSurroundings } from './surroundings.ts';
import { until } from './until.ts';
import { welcome } from './welcome.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '7071' },
    func: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm start -- [--data DIR] [--port N] [--func] [--verbose]

  --data DIR   keep everything in this folder over restarts (left out: in memory)
  --port N     where the API listens (7071; 0: any free port)
  --func       start all but the host, and write local.settings.json for \`func start\` (Azure Functions Core Tools)
  --verbose    print every line of the host's log, not only warnings and errors`);
  process.exit();
}

const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port.`);

buildFunctions();
await (values.func ? startForFunc() : startAll());

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
  void stack.host.exited.then(stop);
  await greet(stack.url, await stack.firstAdminKey());
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
  await greet(url, key);
}

async function greet(url: string, key: string): Promise<void> {
  const api = createApiClient(url, key);
  await seed(api);
  console.log(await welcome(api, url, key, values.data));
}

/** Stops once, when asked to or when what was started has ended. */
function endWith(stopAll: () => Promise<void>): () => void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    console.log('\nStopping...');
    void stopAll().finally(() => process.exit());
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return stop;
}
