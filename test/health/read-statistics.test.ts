import { describe, expect, it } from 'vitest';
import { system } from '../../functions/access/caller.ts';
import { readStatistics, type CountedHours } from '../../functions/health/read-statistics.ts';
import type { IncomingServer } from '../../functions/servers/incoming-server.ts';
import type { OutgoingServer } from '../../functions/servers/outgoing-server.ts';
import type { RemovedServer } from '../../functions/servers/removed-server.ts';
import type { Call } from '../../functions/shared/call.ts';
import type { Tally } from '../../functions/shared/records.ts';
import { createMemoryCollection } from '../accounts/memory-collection.ts';

interface Row {
  readonly owner: string;
  readonly at: string;
  status: string;
}

/** Ledgers in memory that note which time each of their readings spans. */
function createLedgers(messages: Row[], received: Row[] = []) {
  let now = new Date('2026-11-23T12:30:00Z');
  const read: string[] = [];
  let kept: CountedHours | undefined;
  let readingTakes = 0;
  const tallyOf = (name: string, rows: Row[]): Tally => ({
    tally(owner, { since, before }, limit) {
      read.push(`${name} ${since.slice(8, 13)}..${before.slice(8, 13)}`);
      now = new Date(now.getTime() + readingTakes);
      const found = rows.filter((row) => row.owner === owner && row.at >= since && row.at < before);
      return Promise.resolve(found.slice(0, limit).map(({ at, status }) => ({ at: new Date(at), status })));
    },
  });
  const call: Call = {
    id: 'call',
    caller: system,
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => now,
  };
  const ports = {
    messages: tallyOf('messages', messages),
    received: tallyOf('received', received),
    outgoingServers: createMemoryCollection({ out_a: { id: 'out_a' } as OutgoingServer }),
    removedServers: createMemoryCollection({ out_b: { id: 'out_b' } as RemovedServer }),
    incomingServers: createMemoryCollection({ inc_a: { id: 'inc_a' } as IncomingServer }),
    countedHours: {
      get: () => Promise.resolve(kept),
      list: () => Promise.resolve(new Map<string, CountedHours>()),
      put: (_id: string, hours: CountedHours) => {
        kept = hours;
        return Promise.resolve();
      },
    },
  };
  return {
    read,
    kept: () => kept ?? {},
    statistics: (hours: number) => readStatistics(call, hours, ports),
    go: (to: string) => {
      now = new Date(to);
    },
    slow: (takes: number) => {
      readingTakes = takes;
    },
  };
}

const sentAt = (at: string, status = 'sent', owner = 'out_a'): Row => ({ owner, at: `2026-11-${at}Z`, status });

describe('statistics', () => {
  it('tell of each hour what has become of what was handed over in it, on servers that are gone too', async () => {
    const { statistics } = createLedgers(
      [
        sentAt('23T12:10:00.000'),
        sentAt('23T11:00:00.000', 'bounced'),
        sentAt('23T10:59:59.999', 'failed', 'out_b'),
        sentAt('23T10:00:00.000', 'expired'),
        sentAt('23T10:20:00.000', 'queued'),
        sentAt('23T10:20:00.000', 'cancelled'),
        sentAt('23T09:59:59.999'),
      ],
      [{ owner: 'inc_a', at: '2026-11-23T11:30:00.000Z', status: 'parked' }],
    );
    const none = { sent: 0, received: 0, failed: 0, bounced: 0 };
    expect(await statistics(3)).toEqual({
      complete: true,
      buckets: [
        { ...none, from: '2026-11-23T10:00:00.000Z', failed: 2 },
        { ...none, from: '2026-11-23T11:00:00.000Z', received: 1, bounced: 1 },
        { ...none, from: '2026-11-23T12:00:00.000Z', sent: 1 },
      ],
    });
  });

  it('are counted once for hours that are over, day by day', async () => {
    const { statistics, read, go } = createLedgers([sentAt('20T12:10:00.000')]);
    const first = await statistics(48);
    expect(read.filter((line) => line.startsWith('received'))).toEqual([
      'received 22T13..23T13',
      'received 21T13..22T13',
    ]);
    read.length = 0;
    expect(await statistics(48)).toEqual(first);
    // The present hour, and the one that was over less than an hour ago.
    expect(read).toEqual(['messages 23T11..23T13', 'messages 23T11..23T13', 'received 23T11..23T13']);
    read.length = 0;
    go('2026-11-23T13:30:00Z');
    await statistics(48);
    await statistics(48);
    expect(read.filter((line) => line.startsWith('received'))).toEqual([
      'received 23T11..23T14',
      'received 23T12..23T14',
    ]);
  });

  it('are counted again for an hour in which something is still to be sent, for three days', async () => {
    const waiting = sentAt('23T08:10:00.000', 'deferred');
    const { statistics, kept, go } = createLedgers([waiting, sentAt('23T09:10:00.000', 'scheduled')]);
    const [eight, nine] = ['2026-11-23T08:00:00.000Z', '2026-11-23T09:00:00.000Z'];
    await statistics(24);
    expect(kept()).not.toHaveProperty([eight]);
    expect(kept()).toHaveProperty(['2026-11-23T07:00:00.000Z']);
    waiting.status = 'sent';
    expect((await statistics(24)).buckets.find(({ from }) => from === eight)?.sent).toBe(1);
    expect(kept()).toHaveProperty([eight, 'sent'], 1);
    expect(kept()).not.toHaveProperty([nine]);
    go('2026-11-26T12:00:00Z');
    await statistics(168);
    expect(kept()).toHaveProperty([nine]);
    expect(Object.keys(kept()).length).toBeLessThanOrEqual(168);
  });

  it('say when there was no time for all, and go on from there', async () => {
    const { statistics, slow } = createLedgers([]);
    slow(4_000);
    const first = await statistics(168);
    expect(first.complete).toBe(false);
    expect(first.buckets).toHaveLength(48);
    expect(first.buckets.at(-1)?.from).toBe('2026-11-23T12:00:00.000Z');
    slow(0);
    expect(await statistics(168)).toMatchObject({ complete: true });
  });

  it('leave out what is too much to count', async () => {
    const { statistics } = createLedgers(Array.from({ length: 50_000 }, () => sentAt('23T12:10:00.000')));
    const { complete, buckets } = await statistics(48);
    expect(complete).toBe(false);
    expect(buckets).toHaveLength(24);
  });
});
