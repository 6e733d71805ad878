import type { MessageStatus } from '../messages/message.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { RemovedServer } from '../servers/removed-server.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, States } from '../shared/collection.ts';
import type { Tally } from '../shared/records.ts';

/** What was handed over and received within an hour, and what has become of it. */
export interface Counts {
  readonly sent: number;
  readonly received: number;
  readonly failed: number;
  readonly bounced: number;
}

/** Hours that will not change any more, by their beginning, ISO 8601. */
export type CountedHours = Readonly<Record<string, Counts>>;

export interface Statistics {
  /** Hour by hour, the oldest first; those that could not be counted in time are left out. */
  readonly buckets: readonly (Counts & { readonly from: string })[];
  /** Whether none is left out. Asked again, the counting goes on. */
  readonly complete: boolean;
}

interface Ports {
  readonly messages: Tally;
  readonly received: Tally;
  readonly outgoingServers: Pick<Collection<OutgoingServer>, 'list'>;
  readonly removedServers: Pick<Collection<RemovedServer>, 'list'>;
  readonly incomingServers: Pick<Collection<IncomingServer>, 'list'>;
  readonly countedHours: States<CountedHours>;
}

const hour = 60 * 60_000;
const hoursOfWeek = 7 * 24;
const hoursAtOnce = 24;
/** Milliseconds: somebody sits before it. */
const patience = 15_000;
/** Rows of one server that are counted of one day; beyond them it is left out. */
const countedAtMost = 50_000;
/** After this nothing that was handed over goes on waiting. */
const settledAfter = 3 * 24 * hour;
/** What arrived in a mailbox is read by then, and what bounces has mostly done so. */
const closedAfter = hour;
const stateId = 'hours';

type CountOf = (status: string) => keyof Counts | 'open' | undefined;

const countedAs: Partial<Record<MessageStatus, keyof Counts | 'open'>> = {
  sent: 'sent',
  failed: 'failed',
  expired: 'failed',
  bounced: 'bounced',
  scheduled: 'open',
  queued: 'open',
  sending: 'open',
  deferred: 'open',
  unknown: 'open',
};

/**
 * Counts the last hours, the present one included. It is all done when somebody looks, from the ledgers, by the keys of
 * their rows; an hour that is over and has nothing unfinished in it is counted once and remembered. A message counts
 * in the hour it was handed over.
 */
export async function readStatistics(call: Call, hours: number, ports: Ports): Promise<Statistics> {
  const now = call.now().getTime();
  const present = now - (now % hour);
  const wanted = Array.from({ length: hours }, (_, back) => present - back * hour);
  const kept = new Map(Object.entries((await ports.countedHours.get(stateId)) ?? {}));
  const missing = wanted.filter((start) => !kept.has(isoOf(start)));
  const found = new Map<string, Counts>();
  const settled = new Map<string, Counts>();
  const owners = await ownersOf(ports);
  while (missing.length > 0 && call.now().getTime() < now + patience) {
    const [newest = present] = missing;
    const some = missing.filter((start) => start > newest - hoursAtOnce * hour);
    missing.splice(0, some.length);
    const days = await countHours(some, owners, ports);
    for (const [start, { counts, isOpen }] of days ?? []) {
      found.set(isoOf(start), counts);
      const age = now - (start + hour);
      if (age > settledAfter || (age > closedAfter && !isOpen)) settled.set(isoOf(start), counts);
    }
  }
  if (settled.size > 0) await keep(new Map([...kept, ...settled]), present, ports.countedHours);
  const buckets = wanted.toReversed().flatMap((start) => {
    const counts = found.get(isoOf(start)) ?? kept.get(isoOf(start));
    return counts === undefined ? [] : [{ from: isoOf(start), ...counts }];
  });
  return { buckets, complete: buckets.length === hours };
}

type Owners = { readonly outgoing: readonly string[]; readonly incoming: readonly string[] };

async function ownersOf({ outgoingServers, removedServers, incomingServers }: Ports): Promise<Owners> {
  const [outgoing, removed, incoming] = await Promise.all([
    outgoingServers.list(),
    removedServers.list(),
    incomingServers.list(),
  ]);
  return {
    outgoing: [...new Set([...outgoing, ...removed].map(({ value }) => value.id))],
    incoming: incoming.map(({ value }) => value.id),
  };
}

/** Counts hours of at most a day, newest first; undefined where there is too much to count. */
async function countHours(
  starts: readonly number[],
  { outgoing, incoming }: Owners,
  { messages, received }: Ports,
): Promise<Map<number, { counts: Counts; isOpen: boolean }> | undefined> {
  const since = isoOf(starts.at(-1) ?? 0);
  const before = isoOf((starts[0] ?? 0) + hour);
  const hours = new Map(starts.map((start) => [start, { sent: 0, received: 0, failed: 0, bounced: 0, open: 0 }]));
  /** One owner after the other: there are few, and each may have thousands of rows. False where one has too many. */
  const count = async (ledger: Tally, owners: readonly string[], countOf: CountOf): Promise<boolean> => {
    for (const owner of owners) {
      const rows = await ledger.tally(owner, { since, before }, countedAtMost);
      if (rows.length === countedAtMost) return false;
      for (const { at, status } of rows) {
        const counts = hours.get(at.getTime() - (at.getTime() % hour));
        const what = countOf(status);
        if (counts !== undefined && what !== undefined) counts[what] += 1;
      }
    }
    return true;
  };
  const isAll =
    (await count(messages, outgoing, (status) => countedAs[status as MessageStatus])) &&
    (await count(received, incoming, () => 'received'));
  if (!isAll) return undefined;
  return new Map([...hours].map(([start, { open, ...counts }]) => [start, { counts, isOpen: open > 0 }]));
}

/** Two that count at once may each forget what the other has counted: it is counted again. */
async function keep(all: ReadonlyMap<string, Counts>, present: number, states: Ports['countedHours']): Promise<void> {
  const oldest = isoOf(present - hoursOfWeek * hour);
  await states.put(stateId, Object.fromEntries([...all].filter(([start]) => start >= oldest)));
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
