import { beforeEach, expect, test } from 'vitest';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import { randomKey, recordId } from '../../functions/shared/ids.ts';
import type { Records } from '../../functions/shared/records.ts';
import { storageForTest } from '../support/storage-for-test.ts';

interface Note {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly tags?: readonly string[];
}

const storage = storageForTest();
const owner = 'out_aaaaaaaaaa';
const at = (minute: number): Date => new Date(Date.parse('2026-11-22T12:00:00.000Z') + minute * 60_000);
let records: Records<Note>;
beforeEach(() => {
  records = createTableRecords<Note>(storage.newTable(), 'msg');
});

function noteAt(minute: number, more: Partial<Note> = {}): Note {
  const createdAt = at(minute).toISOString();
  return { id: recordId('msg', owner, at(minute), randomKey()), status: 'queued', createdAt, ...more };
}

async function jobOf(id: string) {
  const job = await records.job(id);
  if (job === undefined) throw new Error('There is no job.');
  return job;
}

test('a job is found by its record, wherever it stands by now', async () => {
  const note = noteAt(0);
  await records.add([{ record: note, dueAt: note.createdAt, content: { blob: 'b' } }]);
  const job = await jobOf(note.id);
  expect(job).toMatchObject({ record: note, dueAt: note.createdAt, content: { blob: 'b' } });
  const [moved] = (await records.step([{ job, record: note, dueAt: at(9).toISOString() }])) ?? [];
  expect(await jobOf(note.id)).toEqual(moved);
  await records.step([{ job: moved ?? job, record: { ...note, status: 'sent' } }]);
  expect(await records.job(note.id)).toBeUndefined();
  expect(await records.job(noteAt(1).id)).toBeUndefined();
});

test('what is kept of a finished job is not due, can be done again, and goes when its time is over', async () => {
  const [again, gone] = [noteAt(0), noteAt(1)];
  for (const note of [again, gone]) {
    await records.add([{ record: note, dueAt: note.createdAt, content: { blob: note.id } }]);
    const job = await jobOf(note.id);
    const keptUntil = at(60).toISOString();
    expect(await records.step([{ job, record: { ...note, status: 'failed' }, keptUntil }])).toEqual([]);
  }
  expect(await records.due(owner, at(1000), 10)).toEqual([]);
  const kept = await jobOf(again.id);
  expect(kept).toMatchObject({ record: { status: 'failed' }, content: { blob: again.id } });
  // A note on the record does not lose it.
  await records.amend(again.id, (record) => ({ record: { ...record, status: 'bounced' } }));
  expect(await records.job(again.id)).toBeDefined();
  const step = { job: kept, record: again, dueAt: at(5).toISOString() };
  expect(await records.step([step])).toHaveLength(1);
  expect(await records.step([step])).toBeUndefined();
  expect((await records.due(owner, at(5), 10)).map(({ record }) => record.id)).toEqual([again.id]);

  expect(await records.forget(owner, at(59))).toEqual([]);
  expect(await records.forget(owner, at(61))).toEqual([{ blob: gone.id }]);
  expect(await records.forget(owner, at(61))).toEqual([]);
  expect(await records.get(gone.id)).toMatchObject({ status: 'failed' });
  expect(await records.job(gone.id)).toBeUndefined();
});

test('records are found by any of their tags, whatever is in them', async () => {
  const tagged = noteAt(0, { tags: ["it's ünusual", 'b'] });
  await records.add([{ record: tagged }, { record: noteAt(1, { tags: ['bb'] }) }, { record: noteAt(2) }]);
  for (const tag of tagged.tags ?? [])
    expect((await records.list({ owners: [owner], limit: 10, tag })).data).toEqual([tagged]);
  expect((await records.list({ owners: [owner], limit: 10, tag: 'c' })).data).toEqual([]);
});

test('a hundred large entries are kept in as many transactions as it takes', async () => {
  const notes = Array.from({ length: 100 }, (_, n) => noteAt(n, { tags: ['x'.repeat(20_000)] }));
  const content = { inline: Buffer.alloc(48 * 1024, 'a') };
  await records.add(notes.map((record) => ({ record, dueAt: record.createdAt, content })));
  expect(await records.due(owner, at(1000), 200)).toHaveLength(100);
});

test('of finished records those go of which something holds, with what was kept of their jobs', async () => {
  const [waiting, plain, kept, keptOnce, other] = [noteAt(0), noteAt(1), noteAt(2), noteAt(3), noteAt(4)];
  const notes = [waiting, plain, kept, keptOnce, other];
  for (const note of notes) {
    await records.add([{ record: note, dueAt: note.createdAt, content: { blob: note.id } }]);
    if (note === waiting) continue;
    const keptUntil = note === kept ? at(60).toISOString() : note === keptOnce ? at(30).toISOString() : undefined;
    const record = { ...note, status: note === other ? 'sent' : 'failed' };
    await records.step([{ job: await jobOf(note.id), record, keptUntil }]);
  }
  await records.forget(owner, at(40));
  const ids = [...notes.map(({ id }) => id), noteAt(5).id];
  expect(await records.removeIf(ids, ({ status }) => status !== 'sent')).toEqual([{ blob: kept.id }]);
  const { data } = await records.list({ owners: [owner], limit: 10 });
  expect(data).toEqual([{ ...other, status: 'sent' }, waiting]);
  expect(await records.forget(owner, at(1000))).toEqual([]);
  expect(await records.due(owner, at(1000), 10)).toHaveLength(1);
  expect(await records.removeIf([], () => true)).toEqual([]);
});

test('what somebody wants done again in that moment stays', async () => {
  const table = storage.newTable();
  let meanwhile: (() => Promise<unknown>) | undefined;
  const interrupt = async (): Promise<void> => {
    const now = meanwhile;
    meanwhile = undefined;
    await now?.();
  };
  const interrupted = createTableRecords<Note>(
    {
      ...table,
      remove: (...keys) => interrupt().then(() => table.remove(...keys)),
      change: (actions) => interrupt().then(() => table.change(actions)),
    },
    'msg',
  );
  records = createTableRecords<Note>(table, 'msg');
  const [kept, done] = [noteAt(0), noteAt(1)];
  await records.add([kept, done].map((record) => ({ record, dueAt: record.createdAt })));
  await records.step([{ job: await jobOf(kept.id), record: kept, keptUntil: at(60).toISOString() }]);
  await records.step([{ job: await jobOf(done.id), record: done }]);

  const again = { job: await jobOf(kept.id), record: kept, dueAt: at(5).toISOString() };
  meanwhile = () => records.step([again]);
  expect(await interrupted.removeIf([kept.id], () => true)).toEqual([]);
  meanwhile = () => records.amend(done.id, (record) => ({ record, dueAt: at(6).toISOString() }));
  await interrupted.removeIf([done.id], () => true);
  expect((await records.due(owner, at(10), 10)).map(({ record }) => record)).toEqual([kept, done]);
  expect([await records.get(kept.id), await records.get(done.id)]).toEqual([kept, done]);
});
