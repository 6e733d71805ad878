import { GatewayError, type ErrorCode } from '../shared/errors.ts';

/** The only place where our errors meet HTTP. */
export const statusOf = {
  'request-unreadable': 400,
  'request-invalid': 422,
  'body-too-large': 413,
  'media-type-unsupported': 415,
  unauthenticated: 401,
  forbidden: 403,
  'request-forged': 403,
  'too-many-attempts': 429,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'precondition-failed': 412,
  'idempotency-key-reused': 422,
  'idempotency-key-in-use': 409,
  'from-not-allowed': 422,
  'app-not-configured': 409,
  'app-credential-refused': 409,
  'account-not-connected': 409,
  'reauth-required': 409,
  'application-not-allowed': 409,
  'consent-unknown': 400,
  'consent-declined': 400,
  'admin-consent-needed': 403,
  'connect-link-unknown': 404,
  'wrong-account': 403,
  'role-missing': 403,
  'sign-in-blocked': 403,
  'sign-in-failed': 400,
  'sign-in-unavailable': 503,
  'mail-server-unreachable': 502,
  'mail-server-untrusted': 502,
  'mail-server-busy': 503,
  'sending-limit-reached': 429,
  'mail-login-refused': 502,
  'smtp-auth-disabled': 502,
  'mailbox-not-opened': 502,
  'mailbox-in-use': 503,
  'folder-not-found': 409,
  'sender-refused': 502,
  'recipient-refused': 502,
  'message-refused': 502,
  'message-too-large': 413,
  'outcome-unknown': 502,
  'destination-refused': 502,
  'hostile-mime': 422,
  'event-refused': 502,
  'destination-forbidden': 422,
  'settings-invalid': 503,
  'storage-unavailable': 503,
  'secrets-unavailable': 503,
  'internal-error': 500,
} as const satisfies Record<ErrorCode, number>;

/** An RFC 9457 problem. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly retryable: boolean;
  /** Seconds; every 503 has it. */
  readonly retryAfter?: number;
  readonly remedy?: string;
  readonly upstream?: object;
  /** Of a test that failed. */
  readonly report?: object;
}

// Seconds, where nobody knows better.
const usualRetryAfter = 30;

/** The problem that tells a caller about an error; `instance` is the path that was called. */
export function toProblem(error: GatewayError, instance: string): Problem {
  const status = statusOf[error.code];
  const { errors, remedy, upstream, report, retryAfter = status === 503 ? usualRetryAfter : undefined } = error.data;
  return {
    type: `/docs#${error.code}`,
    title: error.meaning.title,
    status,
    detail: error.message,
    instance,
    code: error.code,
    ...(errors !== undefined && { errors }),
    retryable: error.meaning.tryAgain === 'later',
    ...(retryAfter !== undefined && { retryAfter }),
    ...(remedy !== undefined && { remedy }),
    ...(upstream !== undefined && { upstream }),
    ...(report !== undefined && { report }),
  };
}
