import { expect, test } from 'vitest';
import { toImapError } from '../../functions/mail/to-imap-error.ts';
import type { ErrorCode } from '../../functions/shared/errors.ts';

const context = { host: 'imap.example.com', port: 993, user: 'anna@example.com', proof: { kind: 'token' } } as const;
const opening = { ...context, folder: 'Archive' };
const failure = (more: object) => Object.assign(new Error('Command failed'), more);

test.each<[object, ErrorCode, object?]>([
  [{ authenticationFailed: true, response: 'A3 NO AUTHENTICATE failed.' }, 'mail-login-refused'],
  [{ message: 'Unsupported authentication mechanism' }, 'mail-login-refused'],
  [
    { authenticationFailed: true, response: 'BAD User is authenticated but not connected.' },
    'mailbox-not-opened',
    { remedy: expect.stringMatching(/\(1\).*\(2\).*\(3\).*\(4\)/) as string },
  ],
  [{ responseStatus: 'BAD', responseText: 'User is authenticated but not connected.' }, 'mailbox-not-opened'],
  [
    {
      code: 'ETHROTTLE',
      responseStatus: 'BAD',
      responseText: 'Request is throttled. Suggested Backoff Time: 92415 milliseconds',
    },
    'mail-server-busy',
    { retryAfter: 93 },
  ],
  [
    { authenticationFailed: true, serverResponseCode: 'UNAVAILABLE', response: 'NO [UNAVAILABLE] Later' },
    'mail-server-busy',
    { upstream: { protocol: 'imap', code: 'UNAVAILABLE' } },
  ],
  [{ authenticationFailed: true, response: 'A3 NO Too many simultaneous connections' }, 'mail-server-busy'],
  [{ responseStatus: 'NO', responseText: 'Server Busy. Please retry.' }, 'mail-server-busy'],
  [{ responseStatus: 'NO', responseText: 'Command refused' }, 'mail-server-busy'],
  [{ tlsFailed: true, message: 'Server does not support STARTTLS' }, 'mail-server-untrusted'],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'mail-server-untrusted'],
  [{ code: 'NoConnection', reason: 'Session invalidated' }, 'mail-server-unreachable'],
  [{ code: 'CONNECT_TIMEOUT' }, 'mail-server-unreachable'],
  [{ code: 'LiteralTooLarge' }, 'mail-server-unreachable'],
])('%o is %s', (thrown, code, data = {}) => {
  const error = toImapError(failure(thrown), context);
  expect(error.code).toBe(code);
  expect(error.data).toMatchObject(data);
});

test('a refused password is not told how to connect an account', () => {
  const refused = failure({ authenticationFailed: true, response: 'A3 NO Authentication failed.' });
  const { code, data } = toImapError(refused, { ...context, proof: { kind: 'password' } });
  expect(code).toBe('mail-login-refused');
  expect(data).not.toHaveProperty('remedy');
});

test('a refusal while a folder is opened means that there is no such folder', () => {
  const refused = failure({ responseStatus: 'NO', responseText: 'Archive does not exist.' });
  expect(toImapError(refused, opening)).toMatchObject({ code: 'folder-not-found' });
  const busy = failure({ responseStatus: 'NO', responseText: 'Server Busy' });
  expect(toImapError(busy, opening)).toMatchObject({ code: 'mail-server-busy' });
});
