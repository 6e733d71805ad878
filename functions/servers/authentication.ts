import { GatewayError, type FieldError } from '../shared/errors.ts';
import type { Encryption, MailServer } from './mail-login.ts';

/** How a server is logged in to: as an account, or with a name and a password, which servers other than Microsoft's take. */
export interface Authentication {
  /** The account whose access token logs in; a server that has none has the other two. */
  readonly account?: string;
  readonly username?: string;
  /** The name of the secret that keeps the password; a new name for every password. */
  readonly passwordSecret?: string;
}

/** A mail server together with how it is logged in to. */
export interface LoginServer extends MailServer, Authentication {
  /** Left out of a place that nobody configured. */
  readonly id?: string;
  /** The mailbox an account opens over IMAP; SMTP knows only the person who signed in. */
  readonly mailbox?: string;
}

/** What the API calls it. */
export function authOf({ account }: Authentication): 'outlook' | 'password' {
  return account === undefined ? 'password' : 'outlook';
}

/** What may be changed about a login. One way instead of the other is another server. */
export interface AuthenticationChange {
  readonly host?: string | undefined;
  readonly mailbox?: string | undefined;
  readonly account?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly encryption?: Encryption | undefined;
}

const foreign = { outlook: ['username', 'password'], password: ['account', 'mailbox'] } as const;

/**
 * A password that nobody is shown must not be had by sending it elsewhere either: another host is given its own.
 * @throws GatewayError `request-invalid` with a pointer to each field that the server's way to log in does not have, or
 *   to the password that is missing
 */
export function demandFitting(server: LoginServer, change: AuthenticationChange): void {
  const auth = authOf(server);
  const errors: FieldError[] = foreign[auth]
    .filter((field) => change[field] !== undefined)
    .map((field) => ({ pointer: `/${field}`, detail: `is not a field of a server with auth "${auth}"` }));
  if (auth === 'outlook' && change.encryption === 'none')
    errors.push({ pointer: '/encryption', detail: 'must be TLS or STARTTLS: no token is sent without' });
  if (auth === 'password' && change.password === undefined && isElsewhere(server, change))
    errors.push({ pointer: '/password', detail: 'is required with another host, or without TLS from now on' });
  const [first] = errors;
  if (first === undefined) return;
  throw new GatewayError('request-invalid', `${first.pointer} ${first.detail}`, { data: { errors } });
}

function isElsewhere(server: LoginServer, { host = server.host, encryption }: AuthenticationChange): boolean {
  return host.toLowerCase() !== server.host.toLowerCase() || (encryption === 'none' && server.encryption !== 'none');
}

/**
 * The account that signs in for a server.
 * @throws GatewayError `conflict` when it logs in with a password: then there is nobody to sign in
 */
export function accountToConnect(server: Authentication & { readonly id: string }): string {
  if (server.account !== undefined) return server.account;
  throw new GatewayError('conflict', `${server.id} logs in with a password: there is no account to connect.`, {
    data: { remedy: `To change the password: ${passwordCall(server)}.` },
  });
}

/** The call that sets the password of a server. */
export function passwordCall({ id = '' }: Pick<LoginServer, 'id'>): string {
  return `PATCH /v1/${id.startsWith('out_') ? 'outgoing' : 'incoming'}-servers/${id} {"password": "..."}`;
}
