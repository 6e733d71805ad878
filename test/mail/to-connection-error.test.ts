import { expect, test } from 'vitest';
import { toConnectionError } from '../../functions/mail/to-connection-error.ts';

const destination = { protocol: 'smtp', host: 'mail.example.com', port: 587 } as const;

test.each<[unknown, string, string]>([
  [{ code: 'ENOTFOUND' }, 'mail-server-unreachable', 'mail.example.com:587: its name cannot be resolved.'],
  [{ code: 'EAI_AGAIN' }, 'mail-server-unreachable', 'mail.example.com:587: its name cannot be resolved.'],
  [{ code: 'ECONNREFUSED' }, 'mail-server-unreachable', 'mail.example.com:587: it refuses the connection.'],
  [{ code: 'EHOSTUNREACH' }, 'mail-server-unreachable', 'mail.example.com:587: there is no route to it.'],
  [{ code: 'ETIMEDOUT' }, 'mail-server-unreachable', 'mail.example.com:587: it did not answer in time.'],
  [{ code: 'GREETING_TIMEOUT' }, 'mail-server-unreachable', 'mail.example.com:587: it did not answer in time.'],
  [{ code: 'ABORT_ERR' }, 'mail-server-unreachable', 'mail.example.com:587: the time for this call is over.'],
  [{ code: 'ECONNRESET' }, 'mail-server-unreachable', 'mail.example.com:587: the connection broke.'],
  [{ code: 'ETLS' }, 'mail-server-unreachable', 'mail.example.com:587: the connection broke.'],
  ['odd', 'mail-server-unreachable', 'mail.example.com:587: the connection broke.'],
  ...[
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_UNSUPPORTED_PROTOCOL',
    'EPROTO',
  ].map((code): [unknown, string, string] => [
    { code: 'ESOCKET', originalCode: code },
    'mail-server-untrusted',
    `No trusted TLS connection to mail.example.com:587 (${code}).`,
  ]),
])('%j is %s', (thrown, code, message) => {
  expect(toConnectionError(thrown, destination)).toMatchObject({ code, message, cause: thrown });
});
