import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { until } from '../../dev/until.ts';
import type { SentMessage } from '../support/sending-flow.ts';
import { startStackProcess, type StackProcess } from '../support/stack-process.ts';

const count = 150;
const limits = { perMinute: 10_000, recipientsPerDay: 10_000, connections: 1 };
/** After so many accepted messages the host is killed, and after the last of them everything. */
const kills = [20, 55, 90, 120];

async function post(stack: StackProcess, n: number): Promise<string | undefined> {
  const api = createApiClient(stack.facts.url, stack.facts.adminKey);
  const body = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: `Message ${n}`, text: 'Once' };
  const answer = await api.ask<{ id: string }>('POST', '/v1/messages', body, { 'idempotency-key': `message ${n}` });
  return answer.status === 202 ? answer.body.id : undefined;
}

/** More a minute than Exchange takes from a mailbox: the test is not about that. */
async function raiseLimits({ facts: { url, adminKey } }: StackProcess): Promise<void> {
  const api = createApiClient(url, adminKey);
  const { data } = await api.call<{ data: { id: string }[] }>('GET', '/v1/outgoing-servers');
  for (const { id } of data) await api.call('PATCH', `/v1/outgoing-servers/${id}`, { limits });
}

async function allMessages(stack: StackProcess): Promise<SentMessage[]> {
  const api = createApiClient(stack.facts.url, stack.facts.adminKey);
  const page = await api.call<{ data: SentMessage[]; nextCursor: string | null }>('GET', '/v1/messages?limit=200');
  expect(page.nextCursor).toBeNull();
  return page.data;
}

it('every accepted message is sent exactly once, whatever is killed in the middle', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-crash-'));
  let stack = await startStackProcess(folder);
  onTestFinished(async () => {
    await stack.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await raiseLimits(stack);
  await stack.ask('loseNextAnswer');

  // Clients that ask again until they have an answer, as clients with a key do.
  const accepted = new Map<number, string>();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const n = next++;
      const id = await until(async () => post(stack, n).catch(() => undefined), 150_000);
      accepted.set(n, id);
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));

  for (const [index, after] of kills.entries()) {
    await until(() => Promise.resolve(accepted.size >= after), 60_000);
    if (index < kills.length - 1) await stack.ask('restartHost');
    else {
      await stack.kill();
      stack = await startStackProcess(folder);
    }
    await stack.ask('expireLeases');
    await stack.ask('sweep');
  }
  await clients;
  expect(accepted.size).toBe(count);

  // What was in the middle is looked for in Sent Items a minute later.
  const messages = await until(async () => {
    await stack.ask('sweep');
    const all = await allMessages(stack);
    return all.every(({ status }) => status === 'sent') && all;
  }, 120_000);
  expect(messages.map(({ id }) => id).toSorted()).toEqual([...accepted.values()].toSorted());
  const inbox = await stack.ask<string[]>('inbox');
  expect(inbox.toSorted()).toEqual(messages.map(({ messageId }) => messageId).toSorted());
  // The answer that was lost on purpose at least.
  const wasUnknown = messages.filter(({ history }) => history.some(({ status }) => status === 'unknown'));
  expect(wasUnknown.length).toBeGreaterThan(0);
});
