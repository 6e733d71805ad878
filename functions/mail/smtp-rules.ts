import type { ErrorCode } from '../shared/errors.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** What a reply answered. */
export type SmtpStep = 'greeting' | 'starttls' | 'login' | 'sender' | 'recipient' | 'message';

export interface SmtpParties {
  /** Who logged in. */
  readonly user: string;
  /** The envelope's sender; while logging in there is none yet. */
  readonly from?: string;
}

export interface SmtpRule {
  readonly when: (reply: SmtpReply, step: SmtpStep) => boolean;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly remedy?: (parties: SmtpParties) => string;
  /** Seconds. */
  readonly retryAfter?: number;
}

const says =
  (pattern: RegExp) =>
  ({ text }: SmtpReply): boolean =>
    pattern.test(text);

const enhanced =
  (...codes: readonly string[]) =>
  (reply: SmtpReply): boolean =>
    reply.enhanced !== undefined && codes.includes(reply.enhanced);

const isTemporary = ({ code }: SmtpReply): boolean => code < 500;

/**
 * What Exchange Online's replies mean, the most telling first (how-to-authenticate-an-imap-pop-smtp-application,
 * authenticated-client-smtp-submission, smtp-submission-improvements on learn.microsoft.com); then any server's by
 * class and by the command they answer (RFC 5321 4.2.1, RFC 4954 6).
 */
export const smtpRules: readonly SmtpRule[] = [
  {
    when: says(/SmtpClientAuthentication is disabled for the Tenant/i),
    code: 'smtp-auth-disabled',
    detail: 'SMTP AUTH is switched off for the whole organisation.',
    remedy: ({ user }) =>
      `Set-CASMailbox -Identity ${user} -SmtpClientAuthenticationDisabled $false (for this mailbox alone; it wins), ` +
      'or Set-TransportConfig -SmtpClientAuthenticationDisabled $false (for all).',
  },
  {
    when: says(/SmtpClientAuthentication is disabled|smtp_auth_disabled/i),
    code: 'smtp-auth-disabled',
    detail: 'SMTP AUTH is switched off for the mailbox.',
    remedy: ({ user }) => `Set-CASMailbox -Identity ${user} -SmtpClientAuthenticationDisabled $false`,
  },
  {
    when: says(/basic authentication is disabled/i),
    code: 'mail-login-refused',
    detail: 'The server takes no passwords any more.',
    remedy: () => 'Give the outgoing server a connected account (OAuth) instead of a password.',
  },
  {
    when: says(/security defaults/i),
    code: 'mail-login-refused',
    detail: "The organisation's security defaults forbid SMTP AUTH.",
    remedy: () => 'A tenant administrator replaces security defaults by Conditional Access policies that allow it.',
  },
  {
    when: says(/did not meet the criteria to be authenticated/i),
    code: 'mail-login-refused',
    detail: 'A Conditional Access policy forbids this login.',
    remedy: ({ user }) =>
      `A tenant administrator finds the policy in Entra's sign-in log of ${user} and excludes the app from it.`,
  },
  {
    when: says(/SubmissionQuotaExceeded/i),
    code: 'mail-server-busy',
    detail: 'The mailbox has sent to as many recipients as it may in a day.',
    retryAfter: 3600,
  },
  {
    when: says(/submission rate for this client has exceeded/i),
    code: 'mail-server-busy',
    detail: 'The mailbox sends more messages a minute than it may.',
    retryAfter: 60,
  },
  {
    when: (reply) => says(/SendAsDenied/i)(reply) || enhanced('5.7.60', '5.2.252')(reply),
    code: 'sender-refused',
    detail: 'The mailbox that logged in may not send as this address.',
    remedy: ({ user, from }) =>
      `Add-RecipientPermission -Identity ${from ?? user} -Trustee ${user} -AccessRights SendAs`,
  },
  { when: isTemporary, code: 'mail-server-busy', detail: 'The mail server asks to try again later.' },
  {
    when: (reply, step) => step !== 'login' && step !== 'recipient' && isTooLarge(reply),
    code: 'message-too-large',
    detail: 'The message is larger than the server takes.',
  },
  {
    when: (_, step) => step === 'greeting',
    code: 'mail-server-unreachable',
    detail: 'The mail server refuses to talk to this client.',
  },
  {
    when: (_, step) => step === 'starttls',
    code: 'mail-server-untrusted',
    detail: 'The mail server offers no TLS on this port.',
    remedy: () => 'Check the port and the encryption: 587 is STARTTLS, 465 is TLS.',
  },
  {
    // 530: authentication required (RFC 4954), whatever command it answers.
    when: ({ code }, step) => step === 'login' || code === 530,
    code: 'mail-login-refused',
    detail: 'The mail server refuses the login.',
    remedy: ({ user }) =>
      `Connect the account again as ${user}; the app needs the permission SMTP.Send, the mailbox a licence and SMTP AUTH.`,
  },
  {
    when: (_, step) => step === 'sender',
    code: 'sender-refused',
    detail: 'The mail server refuses this sender address.',
    remedy: ({ user, from }) =>
      `Send as ${user}, or let it: Add-RecipientPermission -Identity ${from ?? user} -Trustee ${user} -AccessRights SendAs`,
  },
  {
    when: (_, step) => step === 'recipient',
    code: 'recipient-refused',
    detail: 'The mail server refuses every recipient.',
  },
  { when: () => true, code: 'message-refused', detail: 'The mail server refuses the message.' },
];

/** RFC 3463: 5.2.3 and 5.3.4; Exchange: 5.2.270 after its own conversion. A plain 552 may also be a full mailbox (5.2.2). */
function isTooLarge(reply: SmtpReply): boolean {
  return enhanced('5.2.3', '5.3.4', '5.2.270')(reply) || (reply.code === 552 && reply.enhanced !== '5.2.2');
}
