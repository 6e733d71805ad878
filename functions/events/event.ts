import { hashKey, keyOf, newestFirst } from '../shared/ids.ts';

/** What destinations are told about because they asked for it. */
export const subscribableEvents = [
  'message.sent',
  'message.deferred',
  'message.failed',
  'message.bounced',
  'account.connected',
  'account.reauth_required',
  'account.recovered',
  'incoming.failing',
  'incoming.disabled',
  'incoming.loop_suspected',
  'incoming.audit_missing',
  'app.credential_expiring',
  'destination.disabled',
] as const;

/** Received mail goes to the destinations that its incoming server names; everything else to those that subscribe. */
export type SubscribableEvent = (typeof subscribableEvents)[number];
export type EventType = 'message.received' | 'destination.test' | SubscribableEvent;

/** What happened. */
export interface GatewayEvent {
  /** The `webhook-id`: the same on every retry, so that receivers can drop repeats. */
  readonly id: string;
  readonly type: EventType;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The id of what it is about. */
  readonly about: string;
  /** What is told; left out for a received mail, which is read when it is delivered. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The event that a mail has been received. */
export function receivedEvent(receivedId: string, now: Date): GatewayEvent {
  return { id: `evt_${keyOf(receivedId)}`, type: 'message.received', timestamp: now.toISOString(), about: receivedId };
}

/**
 * The event that something happened to a thing. The same thing at the same moment is always the same event, so that
 * raising it again after a crash tells nobody twice. Where one thing has several events at a moment, `by` tells them apart.
 */
export function newEvent(
  type: Exclude<EventType, 'message.received'>,
  about: string,
  at: Date,
  data: Readonly<Record<string, unknown>>,
  by = about,
): GatewayEvent {
  const id = `evt_${hashKey(about)}${newestFirst(at)}${hashKey(`${type} ${by}`)}`;
  return { id, type, timestamp: at.toISOString(), about, data };
}
