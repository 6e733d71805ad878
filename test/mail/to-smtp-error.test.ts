import { expect, test } from 'vitest';
import { toSmtpError } from '../../functions/mail/to-smtp-error.ts';
import { GatewayError, type ErrorCode } from '../../functions/shared/errors.ts';

const context = {
  host: 'smtp.example.com',
  port: 587,
  user: 'anna@example.com',
  proof: { kind: 'token' },
  from: 'shop@example.com',
} as const;

/** As nodemailer throws it. */
function failure(code: string, command: string, response?: string, more: object = {}) {
  const responseCode = response === undefined ? undefined : Number(response.slice(0, 3));
  return Object.assign(new Error('failed'), { code, command, response, responseCode, ...more });
}
const login = (response: string) => failure('EAUTH', 'AUTH XOAUTH2', response);
const sender = (response: string) => failure('EENVELOPE', 'MAIL FROM', response);
const recipient = (response: string) => failure('EENVELOPE', 'RCPT TO', response);
const message = (response: string) => failure('EMESSAGE', 'DATA', response);
const greeting = (response: string) => failure('EPROTOCOL', 'CONN', response);

test.each<[Error, ErrorCode, object?]>([
  [
    login(
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [X]',
    ),
    'smtp-auth-disabled',
    { remedy: expect.stringContaining('Set-TransportConfig -SmtpClientAuthenticationDisabled $false') as string },
  ],
  [
    login('535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit X'),
    'smtp-auth-disabled',
    {
      remedy: expect.stringMatching(
        /^Set-CASMailbox -Identity anna@example.com -SmtpClientAuthenticationDisabled \$false \(/,
      ) as string,
    },
  ],
  [
    login('535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [X]'),
    'mail-login-refused',
    { remedy: expect.stringContaining('OAuth') as string },
  ],
  [
    login("535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."),
    'sign-in-blocked',
    { remedy: expect.stringContaining('Conditional Access') as string },
  ],
  [
    login(
      '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.',
    ),
    'sign-in-blocked',
    { remedy: expect.stringContaining('Sign-in logs') as string },
  ],
  [login('535 5.7.3 Authentication unsuccessful [X]'), 'mail-login-refused'],
  [login('504 5.7.4 Unrecognized authentication type'), 'mail-login-refused'],
  [login('454 4.7.0 Temporary authentication failure'), 'mail-server-busy'],
  [login('421 4.3.2 Service not available'), 'mail-server-busy'],
  [failure('EAUTH', 'API'), 'mail-login-refused'],
  [
    sender('530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM'),
    'mail-login-refused',
  ],
  [sender('553 5.7.1 Sender address rejected: not owned by user'), 'sender-refused'],
  [sender('552 5.3.4 Message size exceeds fixed maximum message size'), 'message-too-large'],
  [sender('421 4.4.2 Connection dropped'), 'mail-server-busy'],
  [failure('EMESSAGE', 'MAIL FROM'), 'message-too-large'],
  [failure('EENVELOPE', 'API'), 'message-refused'],
  [recipient('550 5.1.1 No such user'), 'recipient-refused'],
  [
    recipient('553 5.7.1 <shop@example.com>: Sender address rejected: not owned by user anna@example.com'),
    'sender-refused',
    { remedy: expect.stringContaining('Send as anna@example.com') as string },
  ],
  [recipient('552 5.2.2 Mailbox full'), 'recipient-refused'],
  [recipient('450 4.2.1 Greylisted'), 'mail-server-busy'],
  [
    message(
      '554 5.2.252 SendAsDenied; anna@example.com not allowed to send as shop@example.com; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied',
    ),
    'sender-refused',
    {
      remedy: expect.stringMatching(
        /^Add-RecipientPermission -Identity shop@example.com -Trustee anna@example.com -AccessRights SendAs \(/,
      ) as string,
    },
  ],
  [message('550 5.2.252 SendAs denied, throttled'), 'mail-server-busy'],
  [message('550 5.7.60 SMTP; Client does not have permissions to send as this sender'), 'sender-refused'],
  [
    message('554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied'),
    'sender-refused',
  ],
  [
    message('554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message'),
    'mail-server-busy',
    { retryAfter: 3600 },
  ],
  [message('432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded'), 'mail-server-busy'],
  [
    message('421 4.4.2 Message submission rate for this client has exceeded the configured limit'),
    'mail-server-busy',
    { retryAfter: 60 },
  ],
  [message('451 4.7.0 Temporary server error. Please try again later. PRX4'), 'mail-server-busy'],
  [message('554 5.2.270 message too large after conversion'), 'message-too-large'],
  [message('552 Too much mail data'), 'message-too-large'],
  [message('552 5.2.2 Mailbox full'), 'message-refused'],
  [message('550 5.2.253 no licence'), 'mailbox-not-opened', { remedy: expect.stringContaining('licence') as string }],
  [message('550 5.2.254 too many recipients'), 'mail-server-busy'],
  [message('554 5.2.254 too many recipients'), 'message-refused'],
  [message('550 5.7.233 tenant external recipient limit exceeded'), 'mail-server-busy'],
  [message('550 5.7.1 Message rejected as spam'), 'message-refused'],
  [greeting('421 4.3.2 Too many connections'), 'mail-server-busy'],
  [greeting('554 5.7.1 Go away'), 'mail-server-unreachable'],
  [failure('ETLS', 'STARTTLS', '502 5.5.1 Command not implemented'), 'mail-server-untrusted'],
  [failure('ETLS', 'STARTTLS', '454 4.7.0 TLS not available'), 'mail-server-busy'],
  [failure('ESOCKET', 'CONN', undefined, { originalCode: 'CERT_HAS_EXPIRED' }), 'mail-server-untrusted'],
  [failure('ETIMEDOUT', 'CONN'), 'mail-server-unreachable'],
])('%o is %s', (thrown, code, data = {}) => {
  const error = toSmtpError(thrown, context);
  expect(error.code).toBe(code);
  expect(error.data).toMatchObject(data);
  expect(error.cause).toBe(thrown);
});

test('the reply is passed on in its parts, in one line and bounded', () => {
  const error = toSmtpError(message(`550-5.7.1 First\r\n550-5.7.1 second\r\n550 5.7.1 ${'x'.repeat(1000)}`), context);
  expect(error.data.upstream).toMatchObject({ protocol: 'smtp', code: '550', enhanced: '5.7.1' });
  expect(error.data.upstream?.text).toMatch(/^First second x+$/);
  expect(error.data.upstream?.text).toHaveLength(500);
});

test('a reply without an enhanced status is understood', () => {
  expect(toSmtpError(message('554 No'), context).data.upstream).toEqual({ protocol: 'smtp', code: '554', text: 'No' });
  expect(toSmtpError(message('554'), context).data.upstream).toEqual({ protocol: 'smtp', code: '554', text: '' });
});

test('how Exchange is mended is not told to somebody with a password', () => {
  const byPassword = { ...context, proof: { kind: 'password' } } as const;
  expect(toSmtpError(login('535 5.7.8 Bad credentials'), byPassword).data).not.toHaveProperty('remedy');
  const refused = toSmtpError(sender('553 5.7.1 Sender address rejected: not owned by user'), byPassword);
  expect(refused.data.remedy).toMatch(/anna@example.com.*From filter/);
});

test('our own errors stay as they are', () => {
  const own = new GatewayError('outcome-unknown', 'x');
  expect(toSmtpError(own, context)).toBe(own);
});
