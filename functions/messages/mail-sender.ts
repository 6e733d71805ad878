import type { Readable } from 'node:stream';
import type { MailLogin } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';

/** Who a message is from and for, as the servers see it (RFC 5321), whatever its headers say. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

export interface RecipientResult {
  readonly address: string;
  readonly accepted: boolean;
  /** The server's reply to this recipient, when it refused. */
  readonly reply?: string;
}

export interface SendResult {
  /** The server's last reply, as in `250 2.0.0 OK`. */
  readonly reply: string;
  readonly recipients: readonly RecipientResult[];
  /** The Message-ID that the server's reply names. */
  readonly messageId?: string;
}

/** One authenticated connection to an outgoing server, used for one message after the other. */
export interface OutgoingSession {
  /** False once the connection is gone; then another session is needed. */
  readonly usable: boolean;
  /**
   * Hands one message over. Resolves after the server's 250 to the whole message.
   * @throws GatewayError `outcome-unknown` when the connection broke after the message was handed over and before the
   *   answer; `mail-server-busy` (4xx: try later, `data.retryAfter` where the server named it), `mail-server-unreachable`,
   *   `sender-refused`, `recipient-refused` (all of them), `message-too-large` (before DATA, by SIZE), `message-refused`
   *   (any other 5xx). `data.upstream` has the reply.
   */
  send(envelope: Envelope, content: Uint8Array | Readable, size: number): Promise<SendResult>;
  /** Says goodbye and closes; never throws, never waits long. */
  close(): Promise<void>;
}

/**
 * Connects and logs in.
 * @throws GatewayError `mail-server-unreachable`, `mail-server-untrusted`, `mail-server-busy`, `mail-login-refused`,
 *   `smtp-auth-disabled`
 */
export type OpenOutgoingSession = (login: MailLogin, call: Call) => Promise<OutgoingSession>;
