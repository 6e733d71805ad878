import { causesOfNotConnected } from '../health/explain-login.ts';
import type { MailLogin } from '../servers/mail-login.ts';
import { GatewayError, type ErrorData } from '../shared/errors.ts';
import { toConnectionError } from './to-connection-error.ts';

/** What was asked of whom. */
export interface ImapContext {
  readonly host: string;
  readonly port: number;
  /** The mailbox that was logged in to. */
  readonly user: string;
  readonly proof: Pick<MailLogin['proof'], 'kind'>;
  /** The folder being opened, while it is. */
  readonly folder?: string;
}

/** What imapflow adds to its errors. */
interface ImapFailure {
  readonly code?: string;
  readonly authenticationFailed?: boolean;
  /** True when STARTTLS was asked for and could not be had. */
  readonly tlsFailed?: boolean;
  readonly responseStatus?: string;
  /** RFC 5530, as in `UNAVAILABLE`. */
  readonly serverResponseCode?: string;
  readonly responseText?: string;
  /** The whole reply as text; before imapflow renders it, an object. */
  readonly response?: unknown;
  /** Why the server said BYE. */
  readonly reason?: string;
  readonly message?: string;
}

const keptText = 500;
const throttled = /Backoff Time[:=\s]+(\d+)/i;
// RFC 5530, and how servers say it in words.
const busyCodes = ['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG'];
const busyText = /too many|try again|temporar|unavailable|server (?:is )?busy|throttl/i;

/**
 * Translates what imapflow throws. Pure.
 * @returns `mailbox-not-opened`, `mail-server-busy`, `mail-login-refused`, `folder-not-found`, `mail-server-untrusted`,
 *   `mail-server-unreachable`
 */
export function toImapError(thrown: unknown, context: ImapContext): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const failure: ImapFailure = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const said = textOf(failure);
  const error = (code: GatewayError['code'], detail: string, data: Omit<ErrorData, 'upstream'> = {}): GatewayError =>
    new GatewayError(code, detail, {
      cause: thrown,
      data: { ...data, upstream: upstreamOf(failure, said) },
    });

  // The token is good, the mailbox is not (peers' threads on this one agree on the causes); Exchange also says it,
  // for a while, to a mailbox with too many connections.
  if (/authenticated but not connected/i.test(said)) {
    return error('mailbox-not-opened', `Exchange takes the login but does not open the mailbox ${context.user}.`, {
      remedy: causesOfNotConnected(context.user),
    });
  }
  const wait = throttled.exec(said)?.[1];
  if (wait !== undefined || failure.code === 'ETHROTTLE') {
    return error('mail-server-busy', 'The mail server throttles the mailbox.', {
      ...(wait !== undefined && { retryAfter: Math.ceil(Number(wait) / 1000) }),
    });
  }
  if (failure.tlsFailed === true) {
    return error('mail-server-untrusted', 'The mail server offers no TLS on this port.', {
      remedy: 'Check the port and the encryption: 993 is TLS, 143 is STARTTLS.',
    });
  }
  const refused = failure.responseStatus === 'NO' || failure.responseStatus === 'BAD';
  if ((refused || failure.authenticationFailed === true) && isBusy(failure, said)) {
    return error('mail-server-busy', 'The mail server asks to try again later.');
  }
  if (failure.authenticationFailed === true || /unsupported authentication mechanism/i.test(failure.message ?? '')) {
    const detail = `The mail server refuses the login to ${context.user}.`;
    if (context.proof.kind === 'password') return error('mail-login-refused', detail);
    return error('mail-login-refused', detail, {
      remedy:
        `Connect the account again as ${context.user}, or give the account Full Access to this mailbox; ` +
        'the app needs the permission IMAP.AccessAsUser.All.',
    });
  }
  if (context.folder !== undefined && (refused || failure.code === 'NotFound')) {
    return error('folder-not-found', `The mailbox ${context.user} has no folder "${context.folder}".`, {
      remedy: 'Check the name: folders are named in the language of the mailbox, INBOX excepted.',
    });
  }
  if (refused) return error('mail-server-busy', 'The mail server refuses the command.');
  return toConnectionError(thrown, { protocol: 'imap', host: context.host, port: context.port });
}

function isBusy({ serverResponseCode }: ImapFailure, said: string): boolean {
  return (serverResponseCode !== undefined && busyCodes.includes(serverResponseCode)) || busyText.test(said);
}

function upstreamOf(failure: ImapFailure, said: string): ErrorData['upstream'] & object {
  const code = failure.serverResponseCode ?? failure.responseStatus;
  return {
    protocol: 'imap',
    ...(code !== undefined && { code }),
    ...(said !== '' && { text: said.slice(0, keptText) }),
  };
}

function textOf({ responseText, response, reason }: ImapFailure): string {
  if (responseText !== undefined) return responseText;
  return typeof response === 'string' ? response : (reason ?? '');
}
