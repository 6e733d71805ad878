import { expect, test } from 'vitest';
import { createLoopGuard, withCounts } from '../../functions/received/loop-guard.ts';
import type { FolderCursor, IncomingServer, LoopLimit, SenderCount } from '../../functions/servers/incoming-server.ts';

const start = Date.parse('2026-11-23T10:00:00Z');
const now = new Date(start + 7 * 24 * 3_600_000);
const limit: LoopLimit = { messages: 3, minutes: 60, except: ['robot@contoso.com', '*.trusted.example'] };
const server = (loopGuard: LoopLimit | null = limit): IncomingServer =>
  ({ folders: ['INBOX', 'Other'], loopGuard }) as unknown as IncomingServer;
const at = (minutes: number): Date => new Date(start + minutes * 60_000);
const nothing = (): readonly SenderCount[] => [];

/** Counts mail that arrived at these minutes; what is answered: `-` passes, `!` is suspected and told, `+` is suspected. */
function run(minutes: readonly number[], guard = createLoopGuard('INBOX', nothing), from = 'grace@x.example'): string {
  return minutes
    .map((minute, index) => guard.count({ uid: minute * 100 + index, from, arrivedAt: at(minute) }, server(), now))
    .map((suspicion) => (suspicion === undefined ? '-' : suspicion.isNew ? '!' : '+'))
    .join('');
}

test.each<[string, number[], string]>([
  ['as many as may come', [0, 1, 2], '---'],
  ['more', [0, 1, 2, 3, 4], '---!+'],
  ['spread over more than the window', [0, 30, 59, 61, 90, 119, 121], '-------'],
  ['a loop that goes on at its own pace never gets through again', [0, 15, 30, 45, 60, 75, 90, 105], '---!+++!'],
  ['quiet for a window, and it may write again', [0, 1, 2, 3, 63, 64], '---!--'],
  ['suspected a second time is told a second time', [0, 1, 2, 3, 63, 64, 65, 66], '---!---!'],
  ['moved in with an old date', [100, 101, 102, 0, 103], '----!'],
])('%s', (_name, minutes, expected) => {
  expect(run(minutes)).toBe(expected);
});

test('each sender is counted alone, in any case', () => {
  const guard = createLoopGuard('INBOX', nothing);
  expect(run([0, 1, 2], guard)).toBe('---');
  expect(run([3], guard, 'other@x.example')).toBe('-');
  expect(run([4], guard, 'GRACE@x.example')).toBe('!');
});

test('those who are excepted, and mail from nobody, are not counted', () => {
  for (const from of ['robot@contoso.com', 'any@eu.trusted.example', '']) {
    const guard = createLoopGuard('INBOX', nothing);
    expect(run([0, 1, 2, 3, 4], guard, from)).toBe('-----');
    expect(guard.counts()).toEqual([]);
  }
});

test('the same mail is counted once and answered the same', () => {
  const guard = createLoopGuard('INBOX', nothing);
  const mail = (uid: number) => ({ uid, from: 'grace@x.example', arrivedAt: at(uid) });
  const judge = (uid: number) => guard.count(mail(uid), server(), now);
  const first = [1, 2, 3, 4, 5].map(judge);
  expect([1, 2, 3, 4, 5].map(judge)).toEqual(first);
  expect(first).toEqual([undefined, undefined, undefined, { isNew: true }, { isNew: false }]);
});

test('a turn goes on where the one before ended, and judges the same again when that one was not kept', () => {
  const before = createLoopGuard('INBOX', nothing);
  run([0, 1], before);
  const next = () => createLoopGuard('INBOX', (folder) => (folder === 'INBOX' ? before.counts() : []));
  expect(run([2, 3], next())).toBe('-!');
  expect(run([2, 3], next())).toBe('-!');
});

test('what came to other folders counts as well', () => {
  const other = createLoopGuard('Other', nothing);
  run([0, 1], other);
  const guard = createLoopGuard('INBOX', (folder) => (folder === 'Other' ? other.counts() : []));
  expect(run([2, 3], guard)).toBe('-!');
});

test('a date that is still to come counts as now', () => {
  const guard = createLoopGuard('INBOX', nothing);
  const future = new Date(now.getTime() + 24 * 3_600_000);
  guard.count({ uid: 1, from: 'a@x.example', arrivedAt: future }, server(), now);
  expect(guard.counts()[0]?.arrivals).toEqual([now.getTime() / 60_000]);
});

test('thousands of senders take little room, and the oldest make room for the newest', () => {
  const guard = createLoopGuard('INBOX', nothing);
  for (let uid = 0; uid < 20_000; uid++) {
    guard.count({ uid, from: `sender${uid}@x.example`, arrivedAt: at(uid / 1_000) }, server(), now);
  }
  // The server of this test has two folders, which share a row.
  expect(guard.counts()).toHaveLength(1_500);
  expect(JSON.stringify(guard.counts()).length).toBeLessThan(80_000);
  const newest = guard.counts().map(({ arrivals }) => arrivals[0] ?? 0);
  expect(Math.min(...newest)).toBe(Math.floor(at(18).getTime() / 60_000));
});

test('who was quiet for a window is forgotten, and so is everybody once there is no guard', () => {
  const cursor: FolderCursor = { folder: 'INBOX', uidValidity: 1, lastUid: 1, begunAt: '', lastArrival: '' };
  const guard = createLoopGuard('INBOX', nothing);
  run([0], guard);
  run([90], guard, 'other@x.example');
  const kept = withCounts(cursor, guard);
  expect(kept.senders).toHaveLength(1);
  const off = createLoopGuard('INBOX', () => kept.senders ?? []);
  off.count({ uid: 9, from: 'grace@x.example', arrivedAt: at(91) }, server(null), now);
  expect(withCounts(kept, off)).toEqual(cursor);
});
