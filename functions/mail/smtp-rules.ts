import { commands } from '../health/exchange-commands.ts';
import type { MailLogin } from '../servers/mail-login.ts';
import type { ErrorCode } from '../shared/errors.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** What a reply answered. */
export type SmtpStep = 'greeting' | 'starttls' | 'login' | 'sender' | 'recipient' | 'message';

export interface SmtpParties {
  /** Who logged in. */
  readonly user: string;
  readonly proof: Pick<MailLogin['proof'], 'kind'>;
  /** The envelope's sender; while logging in there is none yet. */
  readonly from?: string;
}

export interface SmtpRule {
  readonly when: (reply: SmtpReply, step: SmtpStep) => boolean;
  readonly code: ErrorCode;
  readonly detail: string;
  /** Undefined where the server's kind of login leaves nothing to say: how Exchange is mended mends no other server. */
  readonly remedy?: (parties: SmtpParties) => string | undefined;
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
      `${commands.smtpAuthOn(user)} (for this mailbox alone; it wins), or ${commands.smtpAuthOnForAll()} (for all). ` +
      `How both stand: ${commands.smtpAuthOf(user)} (empty: the organisation's counts); ${commands.smtpAuthOfAll()}. ` +
      'Security defaults keep it off whatever these say.',
  },
  {
    when: says(/SmtpClientAuthentication is disabled|smtp_auth_disabled/i),
    code: 'smtp-auth-disabled',
    detail: 'SMTP AUTH is switched off for the mailbox.',
    remedy: ({ user }) => `${commands.smtpAuthOn(user)} (how it stands: ${commands.smtpAuthOf(user)})`,
  },
  {
    when: says(/basic authentication is disabled/i),
    code: 'mail-login-refused',
    detail: 'The server takes no passwords any more.',
    remedy: () => 'Give the outgoing server a connected account (OAuth) instead of a password.',
  },
  {
    when: says(/security defaults/i),
    code: 'sign-in-blocked',
    detail: "The organisation's security defaults forbid SMTP AUTH.",
    remedy: () =>
      'Entra admin centre, Properties, Manage security defaults: Disabled, with Conditional Access policies in their place that leave SMTP AUTH open for this mailbox.',
  },
  {
    when: says(/did not meet the criteria to be authenticated/i),
    code: 'sign-in-blocked',
    detail: 'A Conditional Access policy forbids this login.',
    remedy: ({ user }) =>
      `Entra admin centre, Users, ${user}, Sign-in logs, the failed sign-in, tab "Conditional Access": exclude the app from the policy named there.`,
  },
  {
    when: says(/SubmissionQuotaExceeded/i),
    code: 'mail-server-busy',
    detail: 'The mailbox has sent to as many recipients as it may in a day.',
    retryAfter: 3600,
  },
  {
    // 550 is the throttled form; the refusal of one message comes as 554.
    when: (reply) => reply.code === 550 && enhanced('5.2.251', '5.2.252', '5.2.254', '5.2.255')(reply),
    code: 'mail-server-busy',
    detail: 'Exchange takes nothing more from the mailbox for now, because it was refused too often.',
    remedy: () => 'Mend what it was refused for; how long Exchange keeps it up is not published.',
    retryAfter: 2 * 3600,
  },
  {
    when: enhanced('5.7.233'),
    code: 'mail-server-busy',
    detail: 'The organisation has sent to as many outside recipients as it may in a day.',
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
      `${commands.sendAs(from ?? user, user)} (who may: ${commands.sendAsOf(from ?? user)}); it takes up to an hour to count.`,
  },
  {
    // smtp-submission-improvements: the mailbox has no licence.
    when: enhanced('5.2.253'),
    code: 'mailbox-not-opened',
    detail: 'The mailbox has no licence to send.',
    remedy: ({ user }) => `Give it an Exchange Online licence; what it has: ${commands.licences(user)}.`,
  },
  {
    when: ({ code }) => code === 432,
    code: 'mail-server-busy',
    detail: 'The mailbox has as many connections as it may.',
    remedy: () =>
      'Postern uses one of three at a time: let other programs that send as this mailbox send less. It tries again later by itself.',
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
    remedy: ({ user, proof }) =>
      proof.kind === 'token'
        ? `Connect the account again as ${user}; the app needs the permission SMTP.Send, the mailbox a licence and SMTP AUTH.`
        : undefined,
  },
  {
    // Postfix judges the sender only once it has a recipient (smtpd_delay_reject).
    when: (reply, step) => step === 'sender' || (step === 'recipient' && says(/sender address rejected/i)(reply)),
    code: 'sender-refused',
    detail: 'The mail server refuses this sender address.',
    remedy: ({ user, from, proof }) =>
      proof.kind === 'token'
        ? `Send as ${user}, or let it: ${commands.sendAs(from ?? user, user)}`
        : `Send as an address that the server lets ${user} send as, or change the From filter.`,
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
