import type { Cause } from '../shared/errors.ts';
import type { Envelope } from './mail-sender.ts';

/**
 * `sent` means that the outgoing server accepted it; that it was delivered cannot be known through a mailbox.
 * `unknown` means that the connection broke after the message was handed over: it may have been sent.
 * `bounced` means that a delivery report said so of at least one recipient.
 * `cancelled` and `expired` never will be sent.
 */
export const messageStatuses = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'deferred',
  'unknown',
  'failed',
  'bounced',
  'cancelled',
  'expired',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** Whom a message goes before: a server sends what is `high` first and what is `bulk` last. */
export const priorities = ['bulk', 'normal', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** What became of a message that destinations may want to know. */
export type Outcome = 'message.sent' | 'message.deferred' | 'message.failed';

export interface RecipientState {
  readonly address: string;
  readonly status: 'waiting' | 'sent' | 'refused' | 'bounced';
  /** What the server said to this recipient, or of it in a delivery report. */
  readonly reply?: string;
  /** RFC 3463, as in `5.1.10`, where a delivery report has it. */
  readonly code?: string;
}

export interface HistoryEntry {
  readonly at: string;
  readonly status: MessageStatus;
  readonly detail?: string;
}

/** One mail handed to Postern for sending. Times are ISO 8601 in UTC. */
export interface Message {
  readonly id: string;
  /** Who handed it over. */
  readonly caller: string;
  readonly status: MessageStatus;
  /** The Message-ID it carries, fixed for ever. */
  readonly messageId: string;
  /** The Message-ID that the mail server gave it instead, where that is known: answers name this one. */
  readonly serverMessageId?: string;
  /** The From it carries, which may have been rewritten. */
  readonly from: string;
  /** The From that was asked for; left out where none was. */
  readonly requestedFrom?: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly outgoingServer: string;
  readonly envelope: Envelope;
  readonly recipients: readonly RecipientState[];
  /** Octets of the whole message. */
  readonly size: number;
  /** The account whose login it was last handed over with: its Sent Items tell whether it was sent. */
  readonly sentBy?: string;
  readonly priority: Priority;
  /** Not to be sent before this time. */
  readonly scheduledAt?: string;
  /** Not to be sent from this time on. */
  readonly expiresAt?: string;
  /** When somebody last asked to try it again. */
  readonly retriedAt?: string;
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  readonly sentAt?: string;
  /** The server's last reply. */
  readonly lastReply?: string;
  readonly cause?: Cause;
  readonly history: readonly HistoryEntry[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: string;
  /** What destinations are still to be told of it, and what is kept of it then. */
  readonly untold?: {
    readonly outcome: Outcome;
    readonly at: string;
    readonly dueAt?: string;
    readonly keptUntil?: string;
  };
}
