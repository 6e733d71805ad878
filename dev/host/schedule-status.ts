import type { BlobServiceClient } from '@azure/storage-blob';
import { hasStatus } from './storage.ts';
import type { Schedule } from './schedule.ts';
import { hostContainer } from './singleton-lease.ts';

/** What a timer remembers of itself across restarts; `last` is undefined until it has run. */
export interface ScheduleStatus {
  last: Date | undefined;
  next: Date;
  lastUpdated: Date;
}

export interface StatusBlob {
  read(): Promise<ScheduleStatus | undefined>;
  write(status: ScheduleStatus): Promise<void>;
}

// .NET's word for "never"; functions see it too.
const never = '0001-01-01T00:00:00+00:00';

/** The status in its blob, `timers/HOSTID/Host.Functions.NAME/status`. */
export function createStatusBlob(blobs: BlobServiceClient, hostId: string, functionName: string): StatusBlob {
  const blob = blobs
    .getContainerClient(hostContainer)
    .getBlockBlobClient(`timers/${hostId}/Host.Functions.${functionName}/status`);
  return {
    async read() {
      try {
        return parseStatus((await blob.downloadToBuffer()).toString('utf8'));
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    },
    async write(status) {
      const text = formatStatus(status);
      await blob.upload(text, Buffer.byteLength(text), { blobHTTPHeaders: { blobContentType: 'application/json' } });
    },
  };
}

/** The JSON the status blob holds and, within the timer's own JSON, the function is given. */
export function formatStatus(status: ScheduleStatus): string {
  return JSON.stringify({
    Last: status.last?.toISOString() ?? never,
    Next: status.next.toISOString(),
    LastUpdated: status.lastUpdated.toISOString(),
  });
}

function parseStatus(text: string): ScheduleStatus {
  const json = JSON.parse(text) as { Last: string; Next: string; LastUpdated: string };
  return {
    last: json.Last.startsWith('0001-') ? undefined : new Date(json.Last),
    next: new Date(json.Next),
    lastUpdated: new Date(json.LastUpdated),
  };
}

/**
 * The status a timer starts with and whether it is past due. A schedule that was changed while the app was down starts afresh
 * (`changed`), so that an occurrence of a schedule that never was does not count as missed.
 */
export function statusAtStart(
  stored: ScheduleStatus | undefined,
  schedule: Schedule,
  now: Date,
): { status: ScheduleStatus; changed: boolean; isPastDue: boolean } {
  if (stored === undefined) {
    return { status: { last: undefined, next: schedule.next(now), lastUpdated: now }, changed: true, isPastDue: false };
  }
  const basis = stored.last ?? stored.lastUpdated;
  const expected = schedule.next(basis);
  if (expected.getTime() === stored.next.getTime()) {
    return { status: stored, changed: false, isPastDue: now > stored.next };
  }
  const status =
    now > expected
      ? { last: undefined, next: schedule.next(now), lastUpdated: now }
      : { last: undefined, next: expected, lastUpdated: basis };
  return { status, changed: true, isPastDue: false };
}
