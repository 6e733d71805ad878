import { beforeEach, expect, test } from 'vitest';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import type { Table } from '../../functions/azure/tables.ts';
import { randomKey, recordId } from '../../functions/shared/ids.ts';
import type { Entry, Job, Records, Step } from '../../functions/shared/records.ts';
import { storageForTest } from '../support/storage-for-test.ts';

interface Note {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly text: string;
}

const storage = storageForTest();
const ada = 'out_aaaaaaaaaa';
const grace = 'out_bbbbbbbbbb';
const noon = Date.parse('2026-11-22T12:00:00.000Z');
const at = (minute: number): Date => new Date(noon + minute * 60_000);

let table: Table;
let records: Records<Note>;
beforeEach(() => {
  table = storage.newTable();
  records = createTableRecords<Note>(table, 'msg');
});

function noteAt(minute: number, owner = ada, more: Partial<Note> = {}): Note {
  const createdAt = at(minute).toISOString();
  return { id: recordId('msg', owner, at(minute), randomKey()), status: 'queued', createdAt, text: '', ...more };
}

const inline = (text: string) => ({ inline: Buffer.from(text) });

/** An entry with work at the minute it was made. */
const entryOf = (record: Note): Entry<Note> => ({ record, dueAt: record.createdAt, content: inline(record.text) });

async function jobsAt(minute: number, owner = ada, limit = 100): Promise<Job<Note>[]> {
  return records.due(owner, at(minute), limit);
}

async function onlyJob(): Promise<Job<Note>> {
  const [job, ...others] = await jobsAt(1_000_000);
  if (job === undefined || others.length > 0) throw new Error('There is not one job.');
  return job;
}

const ids = (many: readonly { record: Note }[]): string[] => many.map(({ record }) => record.id);

test('what is added is there, with its content, and adding it again changes nothing', async () => {
  const note = noteAt(0, ada, { text: 'ünïcödé 👩‍🚀' });
  await records.add([entryOf(note)]);
  const job = await onlyJob();
  expect(job).toMatchObject({ record: note, dueAt: note.createdAt, content: inline(note.text) });

  const [kept] = (await records.step([{ job, record: { ...note, status: 'sent' } }])) ?? [];
  expect(kept).toBeUndefined();
  await records.add([entryOf(note)]);
  expect(await records.get(note.id)).toEqual({ ...note, status: 'sent' });
  expect(await jobsAt(100)).toEqual([]);
});

test('of a list of which some are there, the others are added', async () => {
  const notes = Array.from({ length: 95 }, (_, minute) => noteAt(minute));
  await records.add([notes[1], notes[44], notes[80]].filter((note) => note !== undefined).map(entryOf));
  await records.add(notes.map(entryOf));
  expect(ids(await jobsAt(100))).toEqual(notes.map(({ id }) => id));
});

test('jobs are due at their minute, the longest due first, those of one owner only', async () => {
  const late = noteAt(2);
  const early = noteAt(1);
  const putOff = { ...entryOf(noteAt(0)), dueAt: at(3).toISOString() };
  await records.add([entryOf(late), entryOf(early), putOff]);
  await records.add([entryOf(noteAt(0, grace))]);
  expect(await jobsAt(0)).toEqual([]);
  expect(ids(await jobsAt(1))).toEqual([early.id]);
  expect(ids(await jobsAt(3))).toEqual([early.id, late.id, putOff.record.id]);
  expect(ids(await jobsAt(3, ada, 2))).toEqual([early.id, late.id]);
});

test('a record without work has no job', async () => {
  const note = noteAt(0);
  await records.add([{ record: note }]);
  expect(await records.get(note.id)).toEqual(note);
  expect(await jobsAt(100)).toEqual([]);
});

test('jobs go on in their place, at another time, or end; the content goes with them', async () => {
  const note = noteAt(0, ada, { text: 'content' });
  await records.add([entryOf(note)]);
  const job = await onlyJob();

  const begun = { ...note, status: 'sending' };
  const [same] = (await records.step([{ job, record: begun, dueAt: job.dueAt }])) ?? [];
  expect(await onlyJob()).toEqual(same);
  expect(same).toMatchObject({ record: begun, dueAt: note.createdAt, content: inline('content') });

  const deferred = { ...note, status: 'deferred' };
  const [later] = (await records.step([{ job: same ?? job, record: deferred, dueAt: at(7).toISOString() }])) ?? [];
  expect(await onlyJob()).toEqual(later);
  expect(later).toMatchObject({ record: deferred, dueAt: at(7).toISOString(), content: inline('content') });
  expect(await jobsAt(6)).toEqual([]);

  expect(await records.step([{ job: later ?? job, record: { ...note, status: 'sent' } }])).toEqual([]);
  expect(await jobsAt(100)).toEqual([]);
  expect(await records.get(note.id)).toMatchObject({ status: 'sent' });
});

test('steps are taken all or none: one that somebody else has taken stops the others', async () => {
  await records.add([entryOf(noteAt(0)), entryOf(noteAt(1)), entryOf(noteAt(2))]);
  const jobs = await jobsAt(2);
  const [first, second] = jobs;
  if (first === undefined || second === undefined) throw new Error('They are not there.');
  const to =
    (status: string, dueAt?: string) =>
    (job: Job<Note>): Step<Note> => ({
      job,
      record: { ...job.record, status },
      dueAt,
    });

  // Another sender goes on with the second in its place; then with the first to another time.
  expect(await records.step([to('theirs', second.dueAt)(second)])).toHaveLength(1);
  expect(await records.step(jobs.map((job) => to('ours', job.dueAt)(job)))).toBeUndefined();
  expect(await records.step([to('theirs', at(9).toISOString())(first)])).toHaveLength(1);
  for (const mine of [to('ours'), to('ours', first.dueAt), to('ours', at(5).toISOString())])
    expect(await records.step([mine(first)])).toBeUndefined();
  const statuses = (await jobsAt(9)).map(({ record }) => record.status);
  expect(statuses).toEqual(['theirs', 'queued', 'theirs']);
});

test('30 steps are taken in one go, whichever way each of them goes', async () => {
  const notes = Array.from({ length: 30 }, (_, minute) => noteAt(minute, ada, { text: 'x'.repeat(2000) }));
  await records.add(notes.map(entryOf));
  const jobs = await jobsAt(30);
  const steps = jobs.map((job, index) => ({
    job,
    record: { ...job.record, status: 'done' },
    dueAt: [undefined, job.dueAt, at(60 + index).toISOString()][index % 3],
  }));
  const kept = await records.step(steps);
  const goingOn = steps.filter(({ dueAt }) => dueAt !== undefined);
  expect(ids(kept ?? [])).toEqual(ids(goingOn));
  const now = await jobsAt(1000);
  expect(new Map(now.map((job) => [job.record.id, job.etag]))).toEqual(
    new Map(kept?.map((job) => [job.record.id, job.etag])),
  );
});

test('a record of any size is read as it was written, also after it has shrunk', async () => {
  // Each of 32,000 units is a piece; pairs of surrogates lie across the ends of pieces.
  for (const text of ['x'.repeat(31_900), '👩‍🚀'.repeat(20_001), 'ü'.repeat(64_000), 'a'.repeat(200_000), 'short']) {
    const note = noteAt(0, ada, { text });
    await records.add([{ record: note, dueAt: note.createdAt }]);
    const job = await onlyJob();
    expect(job.record).toEqual(note);
    const less = { ...note, text: text.slice(0, 10), status: 'sending' };
    await records.step([{ job, record: less, dueAt: job.dueAt }]);
    const shrunk = await onlyJob();
    expect(shrunk.record).toEqual(less);
    await records.step([{ job: shrunk, record: less }]);
    expect(await records.get(note.id)).toEqual(less);
  }
});

test('no piece of a row ends between the halves of a character', async () => {
  const note = noteAt(0, ada, { text: '😀'.repeat(40_000) });
  await records.add([{ record: note }]);
  const [row] = await table.query(`PartitionKey eq 'aaaaaaaaaa'`);
  const pieces = Object.entries(row ?? {}).filter(([name]) => /^json\d/.test(name));
  expect(pieces.length).toBeGreaterThan(2);
  for (const [, piece] of pieces) expect(String(piece).isWellFormed()).toBe(true);
});

test('nothing is found under what is no id of ours', async () => {
  const note = noteAt(0);
  await records.add([{ record: note }]);
  for (const id of ['', 'msg_', note.id.replace('msg', 'rcv'), `${note.id}0`, note.id.slice(0, -1), "msg_' or true"])
    expect(await records.get(id)).toBeUndefined();
  expect(await records.get(note.id.slice(0, -1) + (note.id.endsWith('0') ? '1' : '0'))).toBeUndefined();
});

test('a list is newest first over all owners, page by page, every record once', async () => {
  const notes = Array.from({ length: 23 }, (_, n) => noteAt(n >> 1, n % 3 ? ada : grace));
  await Promise.all(notes.map((note) => records.add([{ record: note }])));
  const listed: Note[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.list({ owners: [ada, grace], limit: 4, cursor });
    expect(page.data.length).toBeLessThanOrEqual(4);
    listed.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(notes.map(({ id }) => id)));
  expect(listed).toHaveLength(23);
  expect(listed.map(({ createdAt }) => createdAt)).toEqual(
    listed
      .map(({ createdAt }) => createdAt)
      .sort()
      .reverse(),
  );
  expect((await records.list({ owners: [grace], limit: 100 })).data).toHaveLength(8);
  expect(await records.list({ owners: [], limit: 100 })).toEqual({ data: [], nextCursor: null });
});

test('a list is narrowed by status and by time, that time included', async () => {
  const notes = Array.from({ length: 10 }, (_, n) => noteAt(n, ada, { status: n % 2 ? 'sent' : 'failed' }));
  await records.add(notes.map((record) => ({ record })));
  const minutes = async (query: { status?: string; since?: string; limit?: number; cursor?: string }) => {
    const { data, nextCursor } = await records.list({ owners: [ada], limit: 50, ...query });
    return { nextCursor, minutes: data.map(({ createdAt }) => (Date.parse(createdAt) - noon) / 60_000) };
  };
  expect(await minutes({ status: 'sent' })).toEqual({ nextCursor: null, minutes: [9, 7, 5, 3, 1] });
  expect(await minutes({ since: at(7).toISOString() })).toEqual({ nextCursor: null, minutes: [9, 8, 7] });
  expect(await minutes({ since: '2026-11-22T13:07:00+01:00', status: 'failed' })).toMatchObject({ minutes: [8] });
  const first = await minutes({ status: 'failed', since: at(2).toISOString(), limit: 2 });
  expect(first.minutes).toEqual([8, 6]);
  const rest = await minutes({ status: 'failed', since: at(2).toISOString(), cursor: first.nextCursor ?? '' });
  expect(rest).toEqual({ nextCursor: null, minutes: [4, 2] });
  expect((await minutes({ since: '0001-01-01T00:00:00Z' })).minutes).toHaveLength(10);
  expect((await minutes({ since: '9999-12-31T00:00:00Z' })).minutes).toEqual([]);
});

test('many records of one owner are all found, over the pages of the service', async () => {
  const notes = Array.from({ length: 1100 }, (_, n) => noteAt(n));
  await records.add(notes.map(entryOf));
  expect(await jobsAt(2000, ada, 1050)).toHaveLength(1050);
  expect((await records.list({ owners: [ada], limit: 1100 })).data).toHaveLength(1100);
});

test('many are read at once, of whatever owner, near to each other or far', async () => {
  const near = Array.from({ length: 120 }, (_, minute) => noteAt(minute));
  const other = noteAt(5, grace);
  await records.add(near.map((record) => ({ record })));
  await records.add([{ record: other }]);
  const missing = noteAt(7).id;
  const [first, last] = [near[0] ?? other, near.at(-1) ?? other];
  // More lies between them than is read at once.
  for (const wanted of [[first, last, other], near.slice(10, 40), [last]]) {
    const found = await records.among([...wanted.map(({ id }) => id), missing]);
    expect([...found.values()].map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
  }
  expect(await records.among([])).toEqual(new Map());
  expect(await records.among(['no id'])).toEqual(new Map());
});
