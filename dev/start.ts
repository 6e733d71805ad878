import { parseArgs } from 'node:util';
import './end-with-npm.ts';
import { createApiClient } from './api-client.ts';
import { buildFunctions } from './build-functions.ts';
import { seed } from './seed.ts';
import { startStack } from './stack.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '7071' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm start -- [--data DIR] [--port N] [--verbose]

  --data DIR   keep everything in this folder over restarts (left out: in memory)
  --port N     where the API listens (7071; 0: any free port)
  --verbose    print every line of the host's log, not only warnings and errors`);
  process.exit();
}

const quietLevels = /\[(?:information|debug|trace)\]/;

buildFunctions();
const stack = await startStack({
  folder: values.data,
  port: values.port === '0' ? undefined : Number(values.port),
  log: (line) => {
    if (values.verbose || !quietLevels.test(line)) console.error(line);
  },
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  console.log('\nStopping...');
  await stack.stop();
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
void stack.host.exited.then(() => {
  if (!stopping) console.error('The host ended by itself.');
  return stop();
});

const key = await stack.firstAdminKey();
const api = createApiClient(stack.url, key);
await seed(api);
const accounts = await api.call<{ data: { id: string; address: string }[] }>('GET', '/v1/accounts');
const grace = accounts.data.find(({ address }) => address === 'grace@contoso.example');
const signIn =
  grace && (await api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${grace.id}/connect`)).authorizeUrl;

console.log(`
Postern runs on this machine, with a Microsoft 365 of its own.

  API         ${stack.url}      (to read: ${stack.url}/docs)
  Admin key   ${key}
  Mailboxes   ada@, grace@, notifications@ and the shared support@contoso.example, all connected
  Sign-in     to connect Grace's mailbox again by hand, open within 15 minutes:
              ${signIn ?? ''}

Send a message from Ada to Grace:

  curl -s ${stack.url}/v1/messages \\
    -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"from": "Ada <ada@contoso.example>", "to": "grace@contoso.example", "subject": "Hello", "text": "It works."}'

See what became of it, and, within a minute, how it arrived:

  curl -s ${stack.url}/v1/messages -H 'Authorization: Bearer ${key}'
  curl -s ${stack.url}/v1/received -H 'Authorization: Bearer ${key}'

Ctrl-C ends it.${values.data === undefined ? ' Nothing is kept; with  npm start -- --data DIR  it is.' : ` All is kept in ${values.data}.`}
`);
