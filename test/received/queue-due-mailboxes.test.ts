import { beforeEach, expect, test } from 'vitest';
import { system } from '../../functions/access/caller.ts';
import { queueDueMailboxes } from '../../functions/received/queue-due-mailboxes.ts';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { IncomingServer, IncomingState } from '../../functions/servers/incoming-server.ts';
import type { Call } from '../../functions/shared/call.ts';
import type { Records } from '../../functions/shared/records.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const inSeconds = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
const said: unknown[][] = [];
const log = { info: () => undefined, warn: (...line: unknown[]) => said.push(line), error: () => undefined };
const call: Call = { id: 'call', caller: system, signal: new AbortController().signal, log, now: () => now };

beforeEach(() => {
  said.length = 0;
});

/** What is put on the queue for servers that are due at these times; undefined: never read. */
async function queuedFor(
  servers: readonly { id: string; state?: IncomingServer['state']; dueAt?: string; confirmedAt?: string }[],
): Promise<(readonly string[])[]> {
  const queued: (readonly string[])[] = [];
  const states = new Map<string, IncomingState>();
  for (const { id, dueAt } of servers)
    if (dueAt !== undefined) states.set(id, { place: '', cursors: [], failures: 0, nextFetchAt: dueAt });
  const stored = servers.map(({ id, state = 'confirmed', confirmedAt }) => ({
    value: { id, state, confirmedAt } as IncomingServer,
    etag: '',
  }));
  const nobody = () => Promise.reject(new Error('Not asked for.'));
  await queueDueMailboxes(call, {
    incomingServers: { list: () => Promise.resolve(stored), get: nobody, add: nobody, replace: nobody, remove: nobody },
    incomingStates: { list: () => Promise.resolve(states), get: nobody },
    destinations: { list: () => Promise.resolve([]), get: nobody, add: nobody, replace: nobody, remove: nobody },
    deliveries: {} as Records<Delivery>,
    queues: {
      fetch: (ids, which) => {
        expect(which).toBe('due');
        queued.push(ids);
        return Promise.resolve();
      },
      send: nobody,
      deliver: nobody,
    },
  });
  return queued;
}

test('only confirmed servers are queued, and of those the ones that are due before the next look', async () => {
  const queued = await queuedFor([
    { id: 'never-read' },
    { id: 'due', dueAt: inSeconds(-60) },
    { id: 'due-soon', dueAt: inSeconds(20) },
    { id: 'due-later', dueAt: inSeconds(40) },
    { id: 'waits-after-throttling', dueAt: inSeconds(600) },
    { id: 'draft', state: 'draft' },
    { id: 'disabled', state: 'disabled', dueAt: inSeconds(-60) },
  ]);
  expect(queued).toEqual([['never-read', 'due', 'due-soon']]);
});

test('many servers go in shards of twenty neighbours, the one with the longest due first', async () => {
  const servers = Array.from({ length: 45 }, (_, index) => ({ id: `inc-${index}`, dueAt: inSeconds(-index) }));
  const queued = await queuedFor(servers);
  const ids = servers.map(({ id }) => id);
  expect(queued).toEqual([ids.slice(40), ids.slice(20, 40), ids.slice(0, 20)]);
});

test('nothing is queued when nothing is due', async () => {
  expect(await queuedFor([{ id: 'later', dueAt: inSeconds(3600) }])).toEqual([]);
});

test('the log says that mailboxes are not read, once they have been due for longer than any turn takes', async () => {
  await queuedFor([
    { id: 'late', dueAt: inSeconds(-21 * 60), confirmedAt: inSeconds(-86_400) },
    { id: 'later-still', dueAt: inSeconds(-50 * 60) },
    { id: 'never-read', confirmedAt: inSeconds(-22 * 60) },
    { id: 'being-read', dueAt: inSeconds(-15 * 60) },
    { id: 'confirmed-again', dueAt: inSeconds(-86_400), confirmedAt: inSeconds(-60) },
    { id: 'disabled', state: 'disabled', dueAt: inSeconds(-86_400) },
  ]);
  expect(said).toEqual([['Mailboxes are not read in time.', { mailboxes: 3, since: inSeconds(-50 * 60) }]]);
});

test('the log says nothing while they are read', async () => {
  await queuedFor([{ id: 'due', dueAt: inSeconds(-60) }, { id: 'never-read' }]);
  expect(said).toEqual([]);
});
