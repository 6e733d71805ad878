import type { SendingLimits } from '../servers/outgoing-server.ts';
import type { Cause } from '../shared/errors.ts';
import type { Lane } from '../shared/records.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long slots that were taken may be used; after a crash they count as used at the end of that time. */
export const slotsGoodFor = 30 * second;
/** How long a place among the connections is kept for a sender that says nothing: longer than nearly any message takes. */
const placeGoodFor = 2 * minute;

/** So many at a time: `at` is the beginning of a second, or of an hour, in milliseconds since 1970. */
export interface Tally {
  readonly at: number;
  readonly count: number;
}

/** What a sender has taken for itself and not accounted for yet. */
export interface Claim {
  /** The outgoing server it sends for: each has one sender at the most. */
  readonly server: string;
  readonly messages: number;
  readonly recipients: number;
  /** When it was made, milliseconds since 1970. */
  readonly at: number;
}

/** What a mailbox has sent lately, and who is at it: shared by all its outgoing servers and all instances. */
export interface Pace {
  /** Messages begun, by the second. */
  readonly messages: readonly Tally[];
  /** Recipients of them, by the hour. */
  readonly recipients: readonly Tally[];
  /** One for each connection. */
  readonly claims: readonly Claim[];
  /** Outgoing servers that found no connection free. */
  readonly waiting: readonly string[];
  /** The server throttles the mailbox until then, ISO 8601, and why. */
  readonly notBefore?: string;
  readonly cause?: Cause;
}

export const unused: Pace = { messages: [], recipients: [], claims: [], waiting: [] };

export const slotsAtMost = 60;

/** How many slots are taken at a time: few enough that several senders share a minute, many enough to cost little. */
export function slotsAtOnce({ perMinute }: SendingLimits): number {
  return Math.min(Math.ceil(perMinute / 3), slotsAtMost);
}

/** How much of the limits is used. */
export interface Usage {
  readonly messages: number;
  readonly recipients: number;
}

/** A message that is to be sent. */
export interface Wanted {
  readonly lane: Lane;
  readonly recipients: number;
}

/** Why not all that was wanted may be sent, and until when (milliseconds since 1970). */
export interface Wait {
  readonly reason: 'minute' | 'day' | 'connections' | 'turn' | 'throttled';
  readonly until: number;
}

export interface Taken {
  readonly pace: Pace;
  /** How many of the wanted may be sent, from the first on. */
  readonly granted: number;
  /** What keeps the rest; once what was granted is used it is to be asked again. */
  readonly wait?: Wait;
  /** Outgoing servers that wanted a connection and are to try again. */
  readonly woken: readonly string[];
}

/** What bulk mail may use of a limit: a tenth is left for what is more urgent. */
export function shareOf(limit: number, lane: Lane): number {
  return lane === 'bulk' ? limit - Math.floor(limit / 10) : limit;
}

export function usageOf({ messages, recipients, claims }: Pace, now: number): Usage {
  const ofMessages = entries(messages, second + minute, claims, 'messages', now);
  const ofRecipients = entries(recipients, hour + day, claims, 'recipients', now);
  return { messages: sum(ofMessages), recipients: sum(ofRecipients) };
}

/** When so many more may be sent by a lane, in milliseconds since 1970: now, or when enough of what was sent is past. */
export function freeAt(pace: Pace, what: keyof Usage, need: number, limit: number, now: number): number {
  const span = what === 'messages' ? second + minute : hour + day;
  const used = entries(pace[what], span, pace.claims, what, now);
  let left = sum(used);
  if (left + need <= limit) return now;
  for (const { until, count } of used.toSorted((a, b) => a.until - b.until)) {
    left -= count;
    if (left === 0 || left + need <= limit) return until;
  }
  return now;
}

/** A sender that asks for slots. */
export interface Asking {
  readonly server: string;
  readonly limits: SendingLimits;
  /** What it used of what it took before; left out: nobody knows. */
  readonly used: Usage | undefined;
  readonly wanted: readonly Wanted[];
}

/**
 * Takes slots for messages, in their order, and a connection where there is none yet: as much as the limits allow. Slots
 * are taken before they are used, so that no crash makes it more than the limits.
 */
export function take(pace: Pace, { server, limits, used, wanted }: Asking, now: number): Taken {
  const mine = pace.claims.some((claim) => claim.server === server);
  const base = accounted(tidied(pace, server, now), server, used, now);
  const others = base.waiting.filter((id) => id !== server);
  const notBefore = Date.parse(base.notBefore ?? '');
  if (notBefore > now) return { pace: base, granted: 0, wait: { reason: 'throttled', until: notBefore }, woken: [] };
  if (mine && others.length > 0) {
    const wait: Wait = { reason: 'turn', until: now + 2 * second };
    return { pace: { ...base, waiting: [] }, granted: 0, wait, woken: others };
  }
  if (base.claims.length >= limits.connections) {
    const until = Math.min(...base.claims.map(({ at }) => at)) + placeGoodFor;
    return {
      pace: { ...base, waiting: [...others, server] },
      granted: 0,
      wait: { reason: 'connections', until },
      woken: [],
    };
  }
  const { granted, recipients, wait } = grant(base, limits, wanted, now);
  const because = wait === undefined ? {} : { wait };
  if (granted === 0) {
    // The connection is given up: it may be another's turn.
    return { pace: mine ? { ...base, waiting: [] } : base, granted, ...because, woken: mine ? others : [] };
  }
  const claim: Claim = { server, messages: granted, recipients, at: now };
  const taken = { ...base, claims: [...base.claims, claim], waiting: others };
  return { pace: taken, granted, ...because, woken: [] };
}

/** As many of the wanted as the limits allow, from the first on. */
function grant(
  pace: Pace,
  limits: SendingLimits,
  wanted: readonly Wanted[],
  now: number,
): { granted: number; recipients: number; wait?: Wait } {
  const used = usageOf(pace, now);
  let recipients = 0;
  for (const [granted, { lane, recipients: count }] of wanted.entries()) {
    const perDay = shareOf(limits.recipientsPerDay, lane);
    const perMinute = shareOf(limits.perMinute, lane);
    if (used.recipients + recipients > 0 && used.recipients + recipients + count > perDay) {
      const until = granted > 0 ? now : freeAt(pace, 'recipients', count, perDay, now);
      return { granted, recipients, wait: { reason: 'day', until } };
    }
    if (used.messages + granted + 1 > perMinute) {
      // For one urgent message it is worth coming back; for others when there is room for more of them.
      const need = lane === 'high' ? 1 : Math.min(wanted.length, perMinute);
      const until = granted > 0 ? now : freeAt(pace, 'messages', need, perMinute, now);
      return { granted, recipients, wait: { reason: 'minute', until } };
    }
    recipients += count;
  }
  return { granted: wanted.length, recipients };
}

/**
 * Accounts for what a server's sender took: so many of it were used, the last at `now`; the rest is given back.
 * @param used left out: nobody knows, so all of it
 */
export function accounted(pace: Pace, server: string, used: Usage | undefined, now: number): Pace {
  const claim = pace.claims.find((one) => one.server === server);
  if (claim === undefined) return pace;
  const at = used === undefined ? Math.min(now, claim.at + slotsGoodFor) : now;
  return {
    ...pace,
    claims: pace.claims.filter((one) => one !== claim),
    messages: added(pace.messages, second, at, (used ?? claim).messages),
    recipients: added(pace.recipients, hour, at, (used ?? claim).recipients),
  };
}

/** Without what is past: old tallies, and the claims of other senders that have died. */
function tidied(pace: Pace, server: string, now: number): Pace {
  const gone = pace.claims.filter((claim) => claim.at + placeGoodFor <= now && claim.server !== server);
  const left = gone.reduce((rest, claim) => accounted(rest, claim.server, undefined, now), pace);
  const messages = left.messages.filter(({ at }) => at + second + minute > now);
  const recipients = left.recipients.filter(({ at }) => at + hour + day > now);
  const isSame = messages.length === left.messages.length && recipients.length === left.recipients.length;
  return isSame ? left : { ...left, messages, recipients };
}

function added(tallies: readonly Tally[], unit: number, time: number, count: number): readonly Tally[] {
  if (count === 0) return tallies;
  const at = Math.floor(time / unit) * unit;
  const before = tallies.find((tally) => tally.at === at)?.count ?? 0;
  return [...tallies.filter((tally) => tally.at !== at), { at, count: before + count }];
}

interface Counted {
  readonly until: number;
  readonly count: number;
}

/** What counts against a limit, and until when. */
function entries(
  tallies: readonly Tally[],
  span: number,
  claims: readonly Claim[],
  what: keyof Usage,
  now: number,
): Counted[] {
  return [
    ...tallies.map(({ at, count }) => ({ until: at + span, count })),
    ...claims.map((claim) => ({ until: claim.at + slotsGoodFor + span, count: claim[what] })),
  ].filter(({ until, count }) => until > now && count > 0);
}

function sum(counted: readonly Counted[]): number {
  return counted.reduce((total, { count }) => total + count, 0);
}
