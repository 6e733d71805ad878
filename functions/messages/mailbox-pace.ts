import type { Call } from '../shared/call.ts';
import type { SendingLimits } from '../servers/outgoing-server.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { toGatewayError, type Cause } from '../shared/errors.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import {
  accounted,
  slotsGoodFor,
  take,
  unused,
  usageOf,
  type Pace,
  type Usage,
  type Wait,
  type Wanted,
} from './pace.ts';

/** A sender's dealings with the limits of its mailbox, which it shares with other servers and instances. */
export interface MailboxPace {
  /** The mailbox. */
  readonly key: string;
  /** Takes slots, from the first wanted on; says what keeps the rest. What was taken before and not used is given back. */
  take(wanted: readonly Wanted[], limits: SendingLimits): Promise<{ granted: number; wait?: Wait }>;
  /** One of the slots is being used for a message with so many recipients; false when it is too late for that. */
  use(recipients: number): boolean;
  /** Nobody is to send from this mailbox before a time: its server throttles it. */
  pause(until: string, cause: Cause): Promise<void>;
  /** Accounts for what was used, gives back the rest and the place among the connections. */
  release(): Promise<void>;
}

/** From this part of the day's recipients on people are warned. */
export const warningShare = 0.8;

export function createMailboxPace(
  call: Call,
  key: string,
  server: string,
  { paces, queues }: { paces: Collection<Pace>; queues: WorkQueues },
): MailboxPace {
  let stored: Stored<Pace> | undefined;
  /** What was used of the slots taken last; undefined before there are any. */
  let used: Usage | undefined;
  let goodUntil = 0;

  async function change<T extends { pace: Pace }>(make: (pace: Pace) => T): Promise<T> {
    for (;;) {
      stored ??= await paces.get(key);
      const made = make(stored?.value ?? unused);
      if (made.pace === (stored?.value ?? unused)) return made;
      try {
        stored = stored ? await paces.replace(key, made.pace, stored.etag) : await paces.add(key, made.pace);
        return made;
      } catch (thrown) {
        stored = undefined;
        const { code } = toGatewayError(thrown);
        if (code !== 'conflict' && code !== 'precondition-failed') throw thrown;
      }
    }
  }

  function warn(before: number, after: number, limit: number): void {
    if (before >= warningShare * limit || after < warningShare * limit) return;
    call.log.warn('A mailbox has nearly sent to as many recipients as it may in a day.', {
      outgoingServer: server,
      recipients: after,
      limit,
    });
  }

  return {
    key,

    async take(wanted, limits) {
      const now = call.now().getTime();
      const { pace, granted, wait, woken } = await change((before) =>
        take(before, { server, limits, used, wanted }, now),
      );
      used = granted > 0 ? { messages: 0, recipients: 0 } : undefined;
      goodUntil = now + slotsGoodFor;
      const after = usageOf(pace, now).recipients;
      const claimed = pace.claims.find((claim) => claim.server === server)?.recipients ?? 0;
      warn(after - claimed, after, limits.recipientsPerDay);
      for (const id of woken) await queues.send(id);
      return { granted, ...(wait !== undefined && { wait }) };
    },

    use(recipients) {
      if (used === undefined || call.now().getTime() >= goodUntil) return false;
      used = { messages: used.messages + 1, recipients: used.recipients + recipients };
      return true;
    },

    async pause(notBefore, cause) {
      await change((pace) => ({ pace: { ...pace, notBefore, cause } }));
    },

    async release() {
      if (used === undefined) return;
      const now = call.now().getTime();
      let woken: readonly string[] = [];
      await change((before) => {
        woken = before.waiting;
        return { pace: { ...accounted(before, server, used, now), waiting: [] } };
      });
      used = undefined;
      for (const id of woken) await queues.send(id);
    },
  };
}
