import { expect, test } from 'vitest';
import { withEntry } from '../../functions/messages/message-history.ts';
import type { HistoryEntry } from '../../functions/messages/message.ts';

test('a long history keeps its beginning and its end', () => {
  let history: HistoryEntry[] = [];
  for (let n = 0; n < 200; n++)
    history = withEntry(history, { at: String(n), status: 'deferred', detail: 'x'.repeat(5000) });
  expect(history.map(({ at }) => Number(at))).toEqual([
    0,
    1,
    2,
    3,
    4,
    ...Array.from({ length: 45 }, (_, n) => 155 + n),
  ]);
  expect(JSON.stringify(history).length).toBeLessThan(60_000);
});
