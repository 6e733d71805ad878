import type { Cause } from '../shared/errors.ts';
import type { Authentication } from './authentication.ts';
import type { MailServer } from './mail-login.ts';

/** What a mailbox may send, all its outgoing servers and all instances together. */
export interface SendingLimits {
  /** Messages in any span of 60 seconds. */
  readonly perMinute: number;
  /** Recipients in any span of 24 hours, counted by the hour. */
  readonly recipientsPerDay: number;
  /** Connections at the same time. Each outgoing server needs one at the most. */
  readonly connections: number;
}

/** A way to send. */
export interface OutgoingServer extends MailServer, Authentication {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** The lower the earlier it is asked; among equals the older comes first. */
  readonly priority: number;
  /** Addresses and domains it may send as; none: any. */
  readonly fromFilter: readonly string[];
  /** The address whose own server it is: it sends for that address alone and never stands in for another server. */
  readonly owner?: string | null | undefined;
  /** Octets of the largest message it takes; null or left out: only the server itself knows. */
  readonly maxMessageSize?: number | null;
  /** Left out: Exchange's. */
  readonly limits?: SendingLimits;
  /** What to do about a message of unknown fate while nothing can tell it; left out: `hold`. */
  readonly onUnknown?: OnUnknown;
  readonly createdAt: string;
}

/** `hold`: it stays `unknown`, for somebody to decide. `retry`: it is sent again, perhaps a second time. */
export type OnUnknown = 'hold' | 'retry';

/** What a server's sender has met lately. Written by it alone. */
export interface OutgoingState {
  readonly lastSentAt?: string;
  readonly lastError?: Cause;
  /** Failures to send anything at all, in a row. */
  readonly failures: number;
  /** When the last of them began, and the ETag of the settings it was made with. */
  readonly triedAt?: string;
  readonly triedWith?: string;
  /** No connection is tried before this time, unless something was mended. */
  readonly notBefore?: string;
  /** It was left with more to send than the limits allow; its queue entry comes back at this time. */
  readonly wakeAt?: string;
}
