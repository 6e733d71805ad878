import type { TransactionAction } from '@azure/data-tables';
import { inBatches, type Extent } from '../shared/batches.ts';
import { GatewayError } from '../shared/errors.ts';
import { hashKey, keyOf, newestFirst, orderOf, ownerKeyOf, timeOfRecord, type RecordPrefix } from '../shared/ids.ts';
import { lanes, type Content, type Entry, type Job, type Lane, type RecordQuery } from '../shared/records.ts';
import type { Records, Step, Tally } from '../shared/records.ts';
import { fromRow, toRow } from './row.ts';
import { rowsAmong } from './rows-among.ts';
import type { Entity, Table } from './tables.ts';

/** What the rows need to know of a record. */
interface Recorded {
  readonly id: string;
  readonly status: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly tags?: readonly string[];
}

// A transaction takes 100 changes and 4 MiB as it travels: JSON, the content in base64.
const atOnce = { count: 100, octets: 3 * 1024 * 1024 };
const forgottenAtOnce = 50;
const readAtOnce = 100;
const amendAttempts = 5;

/** What the rows of a lane's agenda begin with. */
const agendas = { high: 'high', normal: 'job', bulk: 'bulk' } as const satisfies Record<Lane, string>;

/**
 * Records in one partition per owner. Two rows tell of each: `rec!<id>` for whoever asks, newest first, and, while there
 * is work left, `job!<due>!<made>!<id>` (or `high!`, `bulk!`: its lane) for whoever does it, the longest due first, with
 * the content beside it. Both change in one transaction, and the job alone is what others may change under our hands: its ETag guards both. A
 * transaction cannot guard a deletion, though: who moves or ends a job that another may take changes it in its place
 * first. Of a job that ended, `end!<until>!<id>` may keep the content. `rec!` knows where its job is.
 * @param laneOf left out: all are in the lane `normal`. Each lane is asked for by a request of its own
 * @param columns what rows show of a record besides its JSON, for those who ask for that alone
 */
export function createTableRecords<T extends Recorded>(
  table: Table,
  prefix: RecordPrefix,
  laneOf?: (record: T) => Lane,
  columns?: (record: T) => Record<string, string>,
): Records<T> & Tally {
  const all: readonly Lane[] = laneOf === undefined ? ['normal'] : lanes;
  const jobKey = (record: T, dueAt: string): string => {
    const agenda = agendas[laneOf?.(record) ?? 'normal'];
    return `${agenda}!${dueAt}!${record.createdAt}!${record.id}`;
  };
  const toJob = (entity: Entity): Job<T> => {
    const { bytes, blob } = entity;
    const content = bytes instanceof Uint8Array ? { inline: bytes } : typeof blob === 'string' ? { blob } : undefined;
    const record = fromRow(entity) as T;
    return {
      record,
      lane: laneOf?.(record) ?? 'normal',
      dueAt: String(entity.rowKey).split('!')[1] ?? '',
      ...(content !== undefined && { content }),
      etag: entity.etag,
      key: String(entity.rowKey),
    };
  };
  const partitionOf = ({ id }: T): string => ownerKeyOf(id, prefix) ?? '';
  const recordRow = (record: T, job: string | undefined) => ({
    partitionKey: partitionOf(record),
    rowKey: `rec!${record.id}`,
    status: record.status,
    ...(job !== undefined && { job }),
    ...Object.fromEntries((record.tags ?? []).map((tag) => [tagColumn(tag), true])),
    ...columns?.(record),
    ...toRow(record),
  });
  const jobRow = (record: T, rowKey: string, content: Content | undefined) => ({
    partitionKey: partitionOf(record),
    rowKey,
    ...(content !== undefined && ('inline' in content ? { bytes: content.inline } : { blob: content.blob })),
    ...toRow(record),
  });

  function creations({ record, dueAt, content }: Entry<T>): TransactionAction[] {
    if (dueAt === undefined) return [['create', recordRow(record, undefined)]];
    const key = jobKey(record, dueAt);
    return [
      ['create', recordRow(record, key)],
      ['create', jobRow(record, key, content)],
    ];
  }

  /** A step as changes of rows: of the job first (its row, or another row for another time), then of the record. */
  function changes({ job, record, dueAt, keptUntil }: Step<T>): TransactionAction[] {
    const keys = { partitionKey: partitionOf(job.record), rowKey: job.key };
    const told = (key: string | undefined): TransactionAction => ['upsert', recordRow(record, key), 'Replace'];
    if (dueAt === job.dueAt)
      return [['update', { ...keys, ...toRow(record) }, 'Merge', { etag: job.etag }], told(job.key)];
    const next =
      dueAt !== undefined ? jobKey(record, dueAt) : keptUntil && `end!${keptUntil}!${record.createdAt}!${record.id}`;
    const gone: TransactionAction = ['delete', keys];
    if (next === undefined) return [gone, told(undefined)];
    return [gone, ['create', jobRow(record, next, job.content)], told(next)];
  }

  /**
   * Answers what was kept of its job. Who wants it done again takes that away, so that removing both fails; where nothing
   * was kept the record's ETag guards it.
   */
  async function removeFinished(entity: Entity): Promise<Content | undefined> {
    const { partitionKey = '', rowKey = '', etag } = entity;
    const key = jobOf(entity);
    if (key?.startsWith('end!') === false) return undefined;
    const kept = key && (await table.get(partitionKey, key));
    if (!kept) {
      await table.remove(partitionKey, rowKey, etag);
      return undefined;
    }
    const gone = await table.change([key, rowKey].map((each) => ['delete', { partitionKey, rowKey: each }]));
    return gone && toJob(kept).content;
  }

  return {
    async add(entries) {
      for (const some of inBatches(entries, atOnce, extentOf)) {
        if ((await table.change(some.flatMap(creations))) !== undefined) continue;
        // One of them was there. Which one is not worth asking: each is tried alone, and those that are there stay.
        for (const entry of some) await table.change(creations(entry));
      }
    },

    async get(id) {
      const partition = ownerKeyOf(id, prefix);
      const entity = partition && (await table.get(partition, `rec!${id}`));
      return entity ? (fromRow(entity) as T) : undefined;
    },

    async among(ids) {
      const found = new Map<string, T>();
      for (const [partition, some] of Map.groupBy(ids, (id) => ownerKeyOf(id, prefix))) {
        if (partition === undefined) continue;
        const keys = some.map((id) => `rec!${id}`);
        const rows = await rowsAmong(table, partition, keys, readAtOnce);
        for (const entity of rows.values()) {
          const record = fromRow(entity) as T;
          found.set(record.id, record);
        }
      }
      return found;
    },

    async amend(id, change) {
      const partition = ownerKeyOf(id, prefix);
      if (partition === undefined) return undefined;
      for (let attempt = 0; attempt < amendAttempts; attempt++) {
        const entity = await table.get(partition, `rec!${id}`);
        const changed = entity && change(fromRow(entity) as T);
        if (changed === undefined) return undefined;
        const { record, dueAt, content } = changed;
        const key = dueAt === undefined ? jobOf(entity) : jobKey(record, dueAt);
        const told: TransactionAction = ['update', recordRow(record, key), 'Replace', { etag: entity?.etag ?? '' }];
        const job: TransactionAction[] =
          dueAt === undefined || key === undefined ? [] : [['create', jobRow(record, key, content)]];
        if ((await table.change([told, ...job])) !== undefined) return record;
      }
      throw new GatewayError('precondition-failed', `${id} was changed by others again and again.`);
    },

    async list(query) {
      const found = await Promise.all(
        query.owners.map((owner) => table.query(listFilter(prefix, keyOf(owner), query), query.limit + 1)),
      );
      const records = found
        .flat()
        .map((entity) => fromRow(entity) as T)
        .sort((a, b) => (orderOf(a.id) < orderOf(b.id) ? -1 : 1));
      const data = records.slice(0, query.limit);
      const last = data.at(-1);
      return { data, nextCursor: records.length > data.length && last !== undefined ? orderOf(last.id) : null };
    },

    async tally(owner, range, limit) {
      const found = await table.query(listFilter(prefix, keyOf(owner), range), limit, ['rowKey', 'status']);
      return found.map(({ rowKey = '', status }) => ({
        at: timeOfRecord(rowKey.slice('rec!'.length)),
        status: String(status),
      }));
    },

    async remove(id) {
      const partition = ownerKeyOf(id, prefix);
      if (partition !== undefined) await table.remove(partition, `rec!${id}`, '*');
    },

    async removeIf(ids, isOver) {
      const partition = ownerKeyOf(ids[0] ?? '', prefix);
      if (partition === undefined) return [];
      const keys = ids.map((id) => `rec!${id}`);
      const rows = await rowsAmong(table, partition, keys, readAtOnce);
      const over = [...rows.values()].filter((row) => isOver(fromRow(row) as T));
      return (await Promise.all(over.map(removeFinished))).flatMap((content) => content ?? []);
    },

    async job(id) {
      const partition = ownerKeyOf(id, prefix);
      const record = partition && (await table.get(partition, `rec!${id}`));
      const key = record ? jobOf(record) : undefined;
      const entity = partition && key && (await table.get(partition, key));
      return entity ? toJob(entity) : undefined;
    },

    async due(owner, now, limit, of = all) {
      const jobs: Job<T>[] = [];
      for (const lane of of) {
        const filter = agendaFilter(owner, lane, now.toISOString());
        const found = jobs.length < limit ? await table.query(filter, limit - jobs.length) : [];
        jobs.push(...found.map(toJob));
      }
      return jobs;
    },

    async waiting(owner, limit) {
      const found = await Promise.all(
        all.map(async (lane) => {
          const rows = await table.query(agendaFilter(owner, lane, ''), limit, ['rowKey']);
          return rows.map(({ rowKey = '' }) => {
            const [, dueAt = '', , id = ''] = rowKey.split('!');
            return { id, lane, dueAt };
          });
        }),
      );
      return found.flat();
    },

    async step(steps) {
      const actions = steps.map(changes);
      const etags = await table.change(actions.flat());
      if (etags === undefined) return undefined;
      let at = 0;
      return steps.flatMap(({ job, record, dueAt }, index) => {
        // The job's row is written first, or second when the row it had before had to go.
        const etag = etags[dueAt === job.dueAt ? at : at + 1];
        at += actions[index]?.length ?? 0;
        if (dueAt === undefined || etag === undefined) return [];
        return [{ ...job, record, dueAt, etag, key: dueAt === job.dueAt ? job.key : jobKey(record, dueAt) }];
      });
    },

    async forget(owner, now) {
      const partition = keyOf(owner);
      const filter = `PartitionKey eq '${partition}' and RowKey gt 'end!' and RowKey lt 'end!${now.toISOString()}~'`;
      const old = (await table.query(filter, forgottenAtOnce)).map((entity) => toJob(entity));
      if (old.length === 0) return [];
      // One that somebody wants done again in this moment stops all of them, until next time.
      const gone = await table.change(old.map(({ key }) => ['delete', { partitionKey: partition, rowKey: key }]));
      return gone === undefined ? [] : old.flatMap(({ content }) => content ?? []);
    },
  };
}

/** The rows of a lane that are due at this time; an empty time means all of them. */
function agendaFilter(owner: string, lane: Lane, time: string): string {
  const agenda = agendas[lane];
  return `PartitionKey eq '${keyOf(owner)}' and RowKey gt '${agenda}!' and RowKey lt '${agenda}!${time}~'`;
}

function jobOf(entity: Entity | undefined): string | undefined {
  return typeof entity?.['job'] === 'string' ? entity['job'] : undefined;
}

/** A column for a tag: a filter cannot look into a list. */
function tagColumn(tag: string): string {
  return `tag_${hashKey(tag)}`;
}

/** What an entry takes of a transaction. A record is JSON in JSON: its quotes are escaped. */
function extentOf<T>({ record, dueAt, content }: Entry<T>): Extent {
  const count = dueAt === undefined ? 1 : 2;
  const inline = content !== undefined && 'inline' in content ? content.inline.byteLength : 0;
  return { count, octets: 1.5 * count * JSON.stringify(record).length + 1.4 * inline };
}

function listFilter(prefix: RecordPrefix, partition: string, query: Omit<RecordQuery, 'owners' | 'limit'>): string {
  const { status, tag, since, before } = query;
  const { cursor = before === undefined ? '' : `${newestFirst(new Date(before))}~` } = query;
  const start = `rec!${prefix}_${partition}`;
  const parts = [`PartitionKey eq '${partition}'`, `RowKey gt '${start}${cursor}'`];
  parts.push(`RowKey lt '${start}${since === undefined ? '' : newestFirst(new Date(since))}~'`);
  if (status !== undefined) parts.push(`status eq '${status}'`);
  if (tag !== undefined) parts.push(`${tagColumn(tag)} eq true`);
  return parts.join(' and ');
}
