import type { Account } from '../accounts/account.ts';
import type { OutgoingServer, OutgoingState, SendingLimits } from '../servers/outgoing-server.ts';
import { limitsOf, sendingMailbox } from '../servers/sending-limits.ts';
import type { Collection, Recent, States } from '../shared/collection.ts';
import { lanes, type Lane, type Records, type Waiting } from '../shared/records.ts';
import type { Message } from './message.ts';
import { freeAt, shareOf, unused, usageOf, type Pace } from './pace.ts';

const minute = 60_000;
/** Waiting messages of each lane that are counted. */
export const countedAtMost = 1_000;

/** What an outgoing server has before it. */
export interface SendOutlook {
  readonly limits: SendingLimits;
  readonly state: OutgoingState | undefined;
  readonly pace: Pace;
  /** In the order they are sent. */
  readonly waiting: readonly Waiting[];
}

interface Ports {
  readonly accounts: Recent<Account>;
  readonly outgoingServers: Recent<OutgoingServer>;
  readonly outgoingStates: States<OutgoingState>;
  readonly paces: Collection<Pace>;
  readonly messages: Records<Message>;
}

/** Reads what a server has before it; undefined where there is no such server. */
export async function readOutlook(serverId: string, ports: Ports): Promise<SendOutlook | undefined> {
  const [servers, accounts, state, waiting] = await Promise.all([
    ports.outgoingServers.recent(),
    ports.accounts.recent(),
    ports.outgoingStates.get(serverId),
    ports.messages.waiting(serverId, countedAtMost),
  ]);
  const server = servers.find(({ value }) => value.id === serverId)?.value;
  if (server === undefined) return undefined;
  const account = accounts.find(({ value }) => value.id === server.account)?.value;
  const pace = (await ports.paces.get(sendingMailbox(server, account)))?.value ?? unused;
  return { limits: limitsOf(server), state, pace, waiting };
}

/**
 * When a message is likely to be sent, as far as its place, the limits and the known pauses tell: other mail that is more
 * urgent may come, and the server has its own mind.
 */
export function likelySendAt(outlook: SendOutlook, message: Waiting, now: Date): Date {
  const { limits, state, pace, waiting } = outlook;
  const times = [message.dueAt, state?.notBefore, pace.notBefore].map((time) => Date.parse(time ?? ''));
  const start = Math.max(now.getTime(), ...times.filter((time) => !Number.isNaN(time)));
  const before = waiting.filter((other) => isBefore(other, message)).length;
  const perMinute = shareOf(limits.perMinute, message.lane);
  const late = before + 1 + usageOf(pace, start).messages - perMinute;
  const byMinute = late <= 0 ? start : start + (late / perMinute) * minute;
  const perDay = shareOf(limits.recipientsPerDay, message.lane);
  return new Date(Math.max(byMinute, freeAt(pace, 'recipients', 1, perDay, start)));
}

function isBefore(other: Waiting, message: Waiting): boolean {
  if (other.id === message.id) return false;
  const lanesApart = lanes.indexOf(other.lane) - lanes.indexOf(message.lane);
  return lanesApart < 0 ? other.dueAt <= message.dueAt : lanesApart === 0 && other.dueAt <= message.dueAt;
}

/** How much of a limit is left, and how many seconds from now there is more. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly reset: number;
}

/** What is left of the limits for new mail, behind what waits already. */
export function quotasOf({ limits, pace, waiting }: SendOutlook, now: Date): { minute: Quota; day: Quota } {
  const time = now.getTime();
  const used = usageOf(pace, time);
  const quota = (what: 'messages' | 'recipients', limit: number): Quota => ({
    limit,
    remaining: Math.max(limit - used[what] - waiting.filter(({ dueAt }) => dueAt <= now.toISOString()).length, 0),
    reset: Math.ceil((freeAt(pace, what, limit - used[what] + 1, limit, time) - time) / 1000),
  });
  return { minute: quota('messages', limits.perMinute), day: quota('recipients', limits.recipientsPerDay) };
}

/** The outlooks as they were a moment ago: every message that is accepted asks for one. */
export interface SendOutlooks {
  recent(serverId: string, now: Date): Promise<SendOutlook | undefined>;
  /** When a new message is likely to be sent; from now on it counts as waiting. */
  estimate(serverId: string, message: { id: string; lane: Lane; dueAt: string }, now: Date): Promise<Date>;
}

const recentFor = 5_000;
const keptAtMost = 200;

export function createSendOutlooks(ports: Ports): SendOutlooks {
  const known = new Map<string, { readonly at: number; readonly outlook: Promise<SendOutlook | undefined> }>();

  function keep(serverId: string, at: number, outlook: Promise<SendOutlook | undefined>): void {
    const entry = { at, outlook };
    known.set(serverId, entry);
    outlook.catch(() => {
      if (known.get(serverId) === entry) known.delete(serverId);
    });
    const [oldest] = known.keys();
    if (known.size > keptAtMost && oldest !== undefined) known.delete(oldest);
  }

  function recent(serverId: string, now: Date): Promise<SendOutlook | undefined> {
    const found = known.get(serverId);
    const age = now.getTime() - (found?.at ?? 0);
    if (found !== undefined && age >= 0 && age < recentFor) return found.outlook;
    const outlook = readOutlook(serverId, ports);
    keep(serverId, now.getTime(), outlook);
    return outlook;
  }

  return {
    recent,
    async estimate(serverId, message, now) {
      const outlook = await recent(serverId, now);
      if (outlook === undefined) return now;
      const at = known.get(serverId)?.at ?? now.getTime();
      keep(serverId, at, Promise.resolve({ ...outlook, waiting: [...outlook.waiting, message] }));
      return likelySendAt(outlook, message, now);
    },
  };
}
