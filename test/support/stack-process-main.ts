/**
 * A stack in a process of its own, for tests that end it by `kill -9`: `node test/support/stack-process-main.ts FOLDER`.
 * It answers what it is asked over its IPC channel, and ends with its parent.
 */
import '../../dev/end-with-parent.ts';
import { createTables } from '../../functions/azure/tables.ts';
import { createApiClient } from '../../dev/api-client.ts';
import { seed } from '../../dev/seed.ts';
import { startStack } from '../../dev/stack.ts';
import { mailOf } from './mail-of.ts';
import type { Ask, StackFacts } from './stack-process.ts';

const [, , folder = ''] = process.argv;
const stack = await startStack({ folder });
let { host } = stack;
const adminKey = await stack.firstAdminKey();
await seed(createApiClient(stack.url, adminKey));
answer({ id: 0, result: facts() });

function facts(): StackFacts {
  return { url: host.url, adminKey, pids: [host.pid, stack.storage.pid] };
}

const commands = {
  /** The host is killed, another is started: its facts. */
  async restartHost() {
    host.kill();
    await host.exited;
    host = await stack.startSecondHost();
    return facts();
  },
  /** Runs the timer that wakes whatever is due. */
  async sweep() {
    await host.runTimer('sweepTimer');
  },
  /** Takes the leases of the dead away, as half a minute does. */
  async expireLeases() {
    const noCredential = (): Promise<never> => Promise.reject(new Error('A connection string needs none.'));
    const table = createTables({ connectionString: stack.storage.connectionString }, noCredential)('leases');
    for (const { rowKey = '' } of await table.query(`PartitionKey eq 'lease'`)) {
      const row = { partitionKey: 'lease', rowKey, until: new Date(0).toISOString() };
      await table.change([['update', row, 'Merge', { etag: '*' }]]);
    }
  },
  /** The Message-IDs in Grace's INBOX. */
  async inbox() {
    return (await mailOf(stack.microsoft365, 'grace@contoso.example')).map(({ messageId }) => messageId);
  },
  /** The connection breaks right after the next message was taken. */
  async loseNextAnswer() {
    stack.microsoft365.faults.smtp.push({ at: 'after-data', drop: true });
    return Promise.resolve();
  },
};

process.on('message', ({ id, command }: Ask) => {
  void commands[command]().then(
    (result) => {
      answer({ id, result });
    },
    (thrown: unknown) => {
      answer({ id, error: String(thrown) });
    },
  );
});

function answer(message: object): void {
  if (process.connected) process.send?.(message);
}

export type Command = keyof typeof commands;
