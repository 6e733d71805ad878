/**
 * The laptop's Functions host as a process: `node dev/host/main.ts --root <app folder> --port <n, 0 = any>`.
 *
 * Started with an IPC channel it reports `{type: 'ready', url, masterKey}`, runs timers it is asked for, and ends when
 * the channel closes, because then its parent is gone.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FromHost, ToHost } from './host-messages.ts';
import { runHost } from './host.ts';
import type { RunningHost } from './host.ts';
import { createLog, messageOf } from './log.ts';

// A reader that is gone must not take the host down before it has ended in order.
process.stdout.on('error', () => undefined);
const log = createLog((line) => process.stdout.write(`${line}\n`));

const { values } = parseArgs({ options: { root: { type: 'string' }, port: { type: 'string', default: '0' } } });
const root = values.root;
if (root === undefined) fail('--root <app folder> is missing.');

let stopping = false;
const starting = runHost({
  root: resolve(root),
  port: Number(values.port),
  env: process.env,
  log,
  onGivenUp() {
    fail('The app crashed too often; the host ends.');
  },
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
if (process.channel) process.on('disconnect', () => void stop());

try {
  const host = await starting;
  process.on('message', (message: ToHost) => void runTimer(host, message));
  send({ type: 'ready', url: host.url, masterKey: host.masterKey });
} catch (error) {
  fail(`The app cannot be started: ${messageOf(error)}`);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const host = await starting.catch(() => process.exit(1));
  await host.stop();
  log('Host', 'information', 'Stopped.');
  process.exit(0);
}

async function runTimer(host: RunningHost, { id, name }: ToHost): Promise<void> {
  try {
    await host.runTimer(name);
    send({ type: 'timerRan', id });
  } catch (error) {
    send({ type: 'timerRan', id, error: messageOf(error) });
  }
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message);
}

function fail(reason: string): never {
  log('Host', 'critical', reason);
  process.exit(1);
}
