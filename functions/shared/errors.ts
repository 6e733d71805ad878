/** Who has to act before the same thing can succeed. */
export type Actor = 'caller' | 'mailbox owner' | 'tenant admin' | 'operator';

/** Whether trying the same thing again helps. */
export type TryAgain = 'never' | 'later' | 'after consent';

interface Meaning {
  readonly title: string;
  readonly actor: Actor;
  readonly tryAgain: TryAgain;
}

/** Every way Postern fails, closed: a code that is not here does not compile. `docs/problems.md` explains each. */
export const errorCodes = {
  'request-unreadable': { title: 'The request could not be read', actor: 'caller', tryAgain: 'never' },
  'request-invalid': { title: 'The request has invalid fields', actor: 'caller', tryAgain: 'never' },
  'body-too-large': { title: 'The request body is too large', actor: 'caller', tryAgain: 'never' },
  'media-type-unsupported': { title: 'The content type is not supported', actor: 'caller', tryAgain: 'never' },
  unauthenticated: { title: 'The API key is missing or wrong', actor: 'caller', tryAgain: 'never' },
  forbidden: { title: 'The API key may not do this', actor: 'caller', tryAgain: 'never' },
  'request-forged': { title: 'The call does not come from the console', actor: 'caller', tryAgain: 'never' },
  'too-many-attempts': { title: 'Too many sign-ins have failed', actor: 'caller', tryAgain: 'later' },
  'not-found': { title: 'There is no such thing', actor: 'caller', tryAgain: 'never' },
  'method-not-allowed': { title: 'The path does not take this method', actor: 'caller', tryAgain: 'never' },
  conflict: { title: 'The state does not allow this', actor: 'caller', tryAgain: 'never' },
  'precondition-failed': { title: 'It was changed in the meantime', actor: 'caller', tryAgain: 'never' },
  'idempotency-key-reused': {
    title: 'The Idempotency-Key was used for another body',
    actor: 'caller',
    tryAgain: 'never',
  },
  'idempotency-key-in-use': {
    title: 'The first request with this key is not done',
    actor: 'caller',
    tryAgain: 'later',
  },
  'from-not-allowed': { title: 'No outgoing server may send as this From', actor: 'caller', tryAgain: 'never' },
  'app-not-configured': { title: 'The app registration is not set', actor: 'operator', tryAgain: 'never' },
  'app-credential-refused': { title: 'Microsoft refuses the app registration', actor: 'operator', tryAgain: 'never' },
  'account-not-connected': { title: 'The account is not connected', actor: 'mailbox owner', tryAgain: 'after consent' },
  'reauth-required': {
    title: 'The account must be connected again',
    actor: 'mailbox owner',
    tryAgain: 'after consent',
  },
  'application-not-allowed': {
    title: 'The application may not use the mailbox',
    actor: 'tenant admin',
    tryAgain: 'later',
  },
  'consent-unknown': { title: 'This sign-in is unknown, used or too old', actor: 'mailbox owner', tryAgain: 'never' },
  'consent-declined': { title: 'The sign-in was declined', actor: 'mailbox owner', tryAgain: 'never' },
  'admin-consent-needed': { title: 'An administrator must approve Postern', actor: 'tenant admin', tryAgain: 'never' },
  'connect-link-unknown': { title: 'This link leads nowhere', actor: 'operator', tryAgain: 'never' },
  'wrong-account': { title: 'Another account signed in', actor: 'mailbox owner', tryAgain: 'never' },
  'role-missing': { title: 'The account has no role in Postern', actor: 'tenant admin', tryAgain: 'never' },
  'sign-in-blocked': { title: 'The organisation blocks the sign-in', actor: 'tenant admin', tryAgain: 'after consent' },
  'sign-in-failed': { title: 'Microsoft ended the sign-in', actor: 'mailbox owner', tryAgain: 'never' },
  'sign-in-unavailable': { title: 'Microsoft sign-in cannot be reached', actor: 'operator', tryAgain: 'later' },
  'mail-server-unreachable': { title: 'The mail server cannot be reached', actor: 'operator', tryAgain: 'later' },
  'mail-server-untrusted': {
    title: "The mail server's certificate is not valid",
    actor: 'operator',
    tryAgain: 'never',
  },
  'mail-server-busy': { title: 'The mail server asks to wait', actor: 'operator', tryAgain: 'later' },
  'sending-limit-reached': { title: 'The mailbox may send no more for now', actor: 'operator', tryAgain: 'later' },
  'mail-login-refused': { title: 'The mail server refuses the login', actor: 'operator', tryAgain: 'never' },
  'smtp-auth-disabled': { title: 'SMTP AUTH is switched off', actor: 'tenant admin', tryAgain: 'never' },
  'mailbox-not-opened': { title: 'The mailbox could not be opened', actor: 'tenant admin', tryAgain: 'later' },
  'mailbox-in-use': { title: 'The mailbox is being read', actor: 'caller', tryAgain: 'later' },
  'folder-not-found': { title: 'The folder does not exist', actor: 'operator', tryAgain: 'never' },
  'sender-refused': { title: 'The mailbox may not send as this From', actor: 'tenant admin', tryAgain: 'never' },
  'recipient-refused': { title: 'The server refused every recipient', actor: 'caller', tryAgain: 'never' },
  'message-refused': { title: 'The server refused the message', actor: 'caller', tryAgain: 'never' },
  'message-too-large': { title: 'The message is larger than the server takes', actor: 'caller', tryAgain: 'never' },
  'outcome-unknown': { title: 'The connection broke before the answer', actor: 'operator', tryAgain: 'later' },
  'destination-refused': { title: 'The destination did not take the event', actor: 'operator', tryAgain: 'later' },
  'hostile-mime': { title: 'The mail could not be taken apart', actor: 'operator', tryAgain: 'never' },
  'event-refused': { title: 'The destination refuses this event for good', actor: 'operator', tryAgain: 'never' },
  'destination-forbidden': { title: 'The destination is a private address', actor: 'operator', tryAgain: 'never' },
  'settings-invalid': { title: 'Settings are missing or wrong', actor: 'operator', tryAgain: 'never' },
  'storage-unavailable': { title: 'Storage cannot be reached', actor: 'operator', tryAgain: 'later' },
  'secrets-unavailable': { title: 'The key vault cannot be reached', actor: 'operator', tryAgain: 'later' },
  'internal-error': { title: 'Something went wrong on our side', actor: 'operator', tryAgain: 'later' },
} as const satisfies Record<string, Meaning>;

export type ErrorCode = keyof typeof errorCodes;

/** One field that is wrong: an RFC 6901 pointer into the body, `?name` in the query, or a header's name. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** What the other side said, in its own words, bounded and free of secrets. */
export interface Upstream {
  readonly protocol: 'smtp' | 'imap' | 'oauth' | 'http';
  /** The reply: an SMTP or HTTP status, an OAuth error. */
  readonly code?: string;
  /** RFC 3463 enhanced status. */
  readonly enhanced?: string;
  /** Microsoft's sign-in error number, as in `AADSTS50173`. */
  readonly aadsts?: string;
  /** What finds the sign-in in Microsoft's logs. */
  readonly traceId?: string;
  readonly correlationId?: string;
  readonly text?: string;
}

export interface ErrorData {
  readonly errors?: readonly FieldError[];
  /** What to do about it: a sentence, or a command to paste. */
  readonly remedy?: string;
  /** Seconds to wait. */
  readonly retryAfter?: number;
  readonly upstream?: Upstream;
  /** All that was found, when it was a test that failed. */
  readonly report?: object;
}

/** The one error of the domain and its adapters. `detail` may be shown to callers: it names no secret. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; data?: ErrorData } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.data = options.data ?? {};
  }

  get meaning(): Meaning {
    return errorCodes[this.code];
  }
}

/** Any thrown thing as a GatewayError: ours stay as they are, the rest become `internal-error` with the evidence in `cause`. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('internal-error', 'An unexpected error occurred; the log has it under this request id.', {
    cause: thrown,
  });
}

/** Why something does not work, in the form that is kept and shown. */
export interface Cause {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly actor: Actor;
  readonly remedy?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** An error as a cause to keep. */
export function causeOf(error: GatewayError, now: Date): Cause {
  return {
    code: error.code,
    detail: error.message,
    actor: error.meaning.actor,
    ...(error.data.remedy !== undefined && { remedy: error.data.remedy }),
    at: now.toISOString(),
  };
}
