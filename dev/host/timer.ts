import { setTimeout as sleep } from 'node:timers/promises';
import type { Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import { runWithRetries } from './retries.ts';
import type { FunctionMetadata } from './rpc.ts';
import type { Schedule } from './schedule.ts';
import { createStatusBlob, formatStatus, statusAtStart } from './schedule-status.ts';
import type { ScheduleStatus, StatusBlob } from './schedule-status.ts';
import { acquireSingletonLease } from './singleton-lease.ts';
import type { Storage } from './storage.ts';

/** A timer function's listener. */
export interface Timer {
  /** Runs the function now, as the admin API does: beside the schedule, not instead of it. Rejects when it fails. */
  runNow(): Promise<void>;
  /** Ends the schedule; a run under way is waited for. */
  stop(): Promise<void>;
}

export interface TimerOptions {
  metadata: FunctionMetadata;
  /** It has no schedule, and runs only when it is told to. */
  isDisabled: boolean;
  schedule: Schedule;
  runOnStartup: boolean;
  useMonitor: boolean;
  hostId: string;
  storage: Storage;
  invoker: Invoker;
  log: Log;
}

const storageRetryInterval = 5_000;
const longestSleep = 24 * 60 * 60_000;

/**
 * Runs a timer function on its schedule, on one host only however many share the storage account. An occurrence missed while
 * no host ran is made up for once. While storage cannot be reached the timer does not run.
 */
export function startTimer(options: TimerOptions): Timer {
  const { metadata, schedule, hostId, storage, invoker, log } = options;
  const stopping = new AbortController();
  const monitored = options.useMonitor && schedule.monitored;
  let known: ScheduleStatus | undefined;
  const listening = options.isDisabled ? Promise.resolve() : listen();

  async function listen(): Promise<void> {
    let complained = false;
    while (!stopping.signal.aborted) {
      try {
        await followScheduleOnce();
        complained = false;
      } catch (error) {
        if (!complained) {
          log('Host', 'error', `The listener for Functions.${metadata.name} is not running: ${messageOf(error)}`);
        }
        complained = true;
        await sleep(storageRetryInterval, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** Until we stop or another host has taken over. */
  async function followScheduleOnce(): Promise<void> {
    const blobs = await storage.blobs();
    const blobName = `locks/${hostId}/Host.Functions.${metadata.name}.Listener`;
    const lease = await acquireSingletonLease(blobs, blobName, stopping.signal);
    if (lease === undefined) return;
    try {
      await followSchedule(
        createStatusBlob(blobs, hostId, metadata.name),
        AbortSignal.any([stopping.signal, lease.lost]),
      );
    } finally {
      await lease.release();
    }
  }

  async function followSchedule(blob: StatusBlob, signal: AbortSignal): Promise<void> {
    const start = statusAtStart(monitored ? await blob.read() : undefined, schedule, new Date());
    let status = start.status;
    if (monitored) known = status;
    if (monitored && start.changed) await blob.write(status);

    const advance = async (at: Date) => {
      status = { last: at, next: schedule.next(at), lastUpdated: at };
      if (!monitored) return;
      known = status;
      // The schedule goes on from memory: to start over would run the same occurrence again.
      await blob.write(status).catch((error: unknown) => {
        log('Host', 'error', `The status of Functions.${metadata.name} is not saved: ${messageOf(error)}`);
      });
    };

    if (start.isPastDue || options.runOnStartup) {
      const now = new Date();
      await run(start.isPastDue, signal);
      await advance(now);
    }
    while (!signal.aborted) {
      if (!(await sleepUntil(status.next, signal))) return;
      // The clock may be a little early; counting from the occurrence keeps it from being found due twice.
      const at = new Date(Math.max(Date.now(), status.next.getTime()));
      await run(false, signal);
      await advance(at);
    }
  }

  /** Whatever becomes of a run, the schedule goes on: the failure is logged and the next occurrence is the next try. */
  async function run(isPastDue: boolean, signal: AbortSignal): Promise<void> {
    if (isPastDue) log('Host', 'information', `Functions.${metadata.name} is past due on startup. Executing now.`);
    await runWithRetries(invoker, metadata, timerData(isPastDue), signal).catch(() => undefined);
  }

  function timerData(isPastDue: boolean) {
    const status = known === undefined ? 'null' : formatStatus(known);
    const json = `{"Schedule":{"AdjustForDST":true},"ScheduleStatus":${status},"IsPastDue":${isPastDue}}`;
    return { data: { json }, metadata: {} };
  }

  return {
    runNow: () => runWithRetries(invoker, metadata, timerData(false), stopping.signal),
    async stop() {
      stopping.abort();
      await listening;
    },
  };
}

/** Whether the time came before `signal` was aborted. Slept in pieces, as Node's timers end at 24.8 days. */
async function sleepUntil(time: Date, signal: AbortSignal): Promise<boolean> {
  for (let left = time.getTime() - Date.now(); left > 0; left = time.getTime() - Date.now()) {
    if (!(await sleep(Math.min(left, longestSleep), true, { signal }).catch(() => false))) return false;
  }
  return true;
}
