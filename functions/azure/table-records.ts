import type { TransactionAction } from '@azure/data-tables';
import { GatewayError } from '../shared/errors.ts';
import { keyOf, newestFirst, ownerKeyOf, type RecordPrefix } from '../shared/ids.ts';
import type { Content, Entry, Job, RecordQuery, Records, Step } from '../shared/records.ts';
import { fromRow, toRow } from './row.ts';
import type { Entity, Table } from './tables.ts';

/** What the rows need to know of a record. */
interface Recorded {
  readonly id: string;
  readonly status: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

// A transaction takes 100 changes and 4 MiB; an entry is two changes and at most 64 KiB of content.
const entriesAtOnce = 40;
const amendAttempts = 5;

/**
 * Records in one partition per owner. Two rows tell of each: `rec!<id>` for whoever asks, newest first, and, while there
 * is work left, `job!<due>!<made>!<id>` for whoever does it, the longest due first, with the content beside it. Both
 * change in one transaction, and the job alone is what others may change under our hands: its ETag guards both.
 */
export function createTableRecords<T extends Recorded>(table: Table, prefix: RecordPrefix): Records<T> {
  const partitionOf = ({ id }: T): string => ownerKeyOf(id, prefix) ?? '';
  const recordRow = (record: T) => ({
    partitionKey: partitionOf(record),
    rowKey: `rec!${record.id}`,
    status: record.status,
    ...toRow(record),
  });
  const jobKeys = (record: T, dueAt: string) => ({
    partitionKey: partitionOf(record),
    rowKey: `job!${dueAt}!${record.createdAt}!${record.id}`,
  });
  const jobRow = (record: T, dueAt: string, content: Content | undefined) => ({
    ...jobKeys(record, dueAt),
    ...(content !== undefined && ('inline' in content ? { bytes: content.inline } : { blob: content.blob })),
    ...toRow(record),
  });

  function creations({ record, dueAt, content }: Entry<T>): TransactionAction[] {
    const told: TransactionAction = ['create', recordRow(record)];
    return dueAt === undefined ? [told] : [told, ['create', jobRow(record, dueAt, content)]];
  }

  /** A step as changes of rows: of the job first (its row, or another row for another time), then of the record. */
  function changes({ job, record, dueAt }: Step<T>): TransactionAction[] {
    const keys = jobKeys(job.record, job.dueAt);
    const told: TransactionAction = ['upsert', recordRow(record), 'Replace'];
    if (dueAt === job.dueAt) return [['update', { ...keys, ...toRow(record) }, 'Merge', { etag: job.etag }], told];
    const gone: TransactionAction = ['delete', keys];
    return dueAt === undefined ? [gone, told] : [gone, ['create', jobRow(record, dueAt, job.content)], told];
  }

  return {
    async add(entries) {
      for (let at = 0; at < entries.length; at += entriesAtOnce) {
        const some = entries.slice(at, at + entriesAtOnce);
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

    async amend(id, change) {
      const partition = ownerKeyOf(id, prefix);
      if (partition === undefined) return undefined;
      for (let attempt = 0; attempt < amendAttempts; attempt++) {
        const entity = await table.get(partition, `rec!${id}`);
        const changed = entity && change(fromRow(entity) as T);
        if (changed === undefined) return undefined;
        const { record, dueAt, content } = changed;
        const told: TransactionAction = ['update', recordRow(record), 'Replace', { etag: entity?.etag ?? '' }];
        const job: TransactionAction[] = dueAt === undefined ? [] : [['create', jobRow(record, dueAt, content)]];
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

    async due(owner, now, limit) {
      const filter = `PartitionKey eq '${keyOf(owner)}' and RowKey gt 'job!' and RowKey lt 'job!${now.toISOString()}~'`;
      return (await table.query(filter, limit)).map((entity) => toJob<T>(entity));
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
        return dueAt === undefined || etag === undefined ? [] : [{ ...job, record, dueAt, etag }];
      });
    },
  };
}

function toJob<T>(entity: Entity): Job<T> {
  const { bytes, blob } = entity;
  const content = bytes instanceof Uint8Array ? { inline: bytes } : typeof blob === 'string' ? { blob } : undefined;
  return {
    record: fromRow(entity) as T,
    dueAt: String(entity.rowKey).split('!')[1] ?? '',
    ...(content !== undefined && { content }),
    etag: entity.etag,
  };
}

/** What orders records of all owners: the time and the rest of the id, without the owner's key. */
function orderOf(id: string): string {
  return id.slice('xxx_'.length + 10);
}

function listFilter(prefix: RecordPrefix, partition: string, { status, since, cursor }: RecordQuery): string {
  const start = `rec!${prefix}_${partition}`;
  const parts = [`PartitionKey eq '${partition}'`, `RowKey gt '${start}${cursor ?? ''}'`];
  parts.push(`RowKey lt '${start}${since === undefined ? '' : newestFirst(new Date(since))}~'`);
  if (status !== undefined) parts.push(`status eq '${status}'`);
  return parts.join(' and ');
}
