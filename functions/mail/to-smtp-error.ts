import { GatewayError, type Upstream } from '../shared/errors.ts';
import { parseSmtpReply } from './smtp-reply.ts';
import { smtpRules, type SmtpParties, type SmtpStep } from './smtp-rules.ts';
import { toConnectionError } from './to-connection-error.ts';

/** Who was talking to whom. */
export interface SmtpContext extends SmtpParties {
  readonly host: string;
  readonly port: number;
  /** Octets of the message, while one is handed over. */
  readonly size?: number;
}

/** What nodemailer adds to its errors. */
interface SmtpFailure {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly SmtpFailure[];
}

/** Octets of a reply that are kept. */
const keptReply = 500;

/** True when the server itself said no (4xx or 5xx), so that nothing is uncertain about it. */
export function isRefusal(thrown: unknown): boolean {
  return (failureOf(thrown).responseCode ?? 0) >= 400;
}

/**
 * Translates what nodemailer's SMTPConnection throws. Pure.
 * @returns `mail-server-unreachable`, `mail-server-untrusted` when there was no reply; else by the reply, see smtpRules.
 */
export function toSmtpError(thrown: unknown, context: SmtpContext): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const failure = decidingFailure(failureOf(thrown));
  const reply = failure.response === undefined ? undefined : parseSmtpReply(failure.response);
  if (reply === undefined || reply.code < 400) return withoutReply(thrown, failure, context);

  const step = stepOf(failure);
  const rule = smtpRules.find(({ when }) => when(reply, step));
  const refusals = (failureOf(thrown).rejectedErrors ?? []).map(
    ({ recipient, response }) => `${recipient ?? ''} (${shortReply(response ?? '')})`,
  );
  const remedy = rule?.remedy?.(context);
  const upstream: Upstream = {
    protocol: 'smtp',
    code: String(reply.code),
    ...(reply.enhanced !== undefined && { enhanced: reply.enhanced }),
    text: reply.text.slice(0, keptReply),
  };
  return new GatewayError(rule?.code ?? 'message-refused', [rule?.detail ?? '', ...refusals.slice(0, 3)].join(' '), {
    cause: thrown,
    data: {
      ...(remedy !== undefined && { remedy }),
      ...(rule?.retryAfter !== undefined && { retryAfter: rule.retryAfter }),
      upstream,
    },
  });
}

/** A reply as it is shown: in one line, of bounded length. */
export function shortReply(response: string): string {
  return response.replaceAll(/\s+/g, ' ').trim().slice(0, keptReply);
}

/** When every recipient was refused, one refusal for good decides; only if all may pass, trying again helps. */
function decidingFailure(failure: SmtpFailure): SmtpFailure {
  const refusals = failure.rejectedErrors ?? [];
  return refusals.find(({ responseCode }) => (responseCode ?? 0) >= 500) ?? refusals[0] ?? failure;
}

function withoutReply(thrown: unknown, { code, command }: SmtpFailure, context: SmtpContext): GatewayError {
  // nodemailer's own checks, before anything is sent.
  if (code === 'EMESSAGE' && command === 'MAIL FROM') {
    return tooLarge(thrown, context);
  }
  if (code === 'EENVELOPE') {
    return new GatewayError('message-refused', 'An address of the envelope cannot be written in SMTP.', {
      cause: thrown,
    });
  }
  if (code === 'EAUTH') {
    return new GatewayError('mail-login-refused', 'There is no way to log in that both sides know.', { cause: thrown });
  }
  return toConnectionError(thrown, { protocol: 'smtp', host: context.host, port: context.port });
}

/** The server has told its limit (SIZE, RFC 1870); nodemailer names it in its words alone. */
function tooLarge(thrown: unknown, { size }: SmtpContext): GatewayError {
  const limit = /\d+/.exec(thrown instanceof Error ? thrown.message : '')?.[0];
  const isKnown = size !== undefined && limit !== undefined;
  const detail = isKnown
    ? `The message has ${octets(size)} octets; the server takes ${octets(Number(limit))} at most.`
    : 'The message is larger than the server takes.';
  return new GatewayError('message-too-large', detail, {
    cause: thrown,
    data: { remedy: 'Send less, or a link to it: attachments grow by a third on their way.' },
  });
}

function octets(count: number): string {
  return count.toLocaleString('en');
}

function stepOf({ command = '', code }: SmtpFailure): SmtpStep {
  if (code === 'EAUTH') return 'login';
  if (command === 'MAIL FROM') return 'sender';
  if (command === 'RCPT TO') return 'recipient';
  if (command === 'DATA' || command === 'RSET') return 'message';
  return command === 'STARTTLS' ? 'starttls' : 'greeting';
}

function failureOf(thrown: unknown): SmtpFailure {
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}
