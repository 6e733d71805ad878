import type { AccountEventPorts } from '../accounts/account-events.ts';
import { endsGrant, markReauthRequired } from '../accounts/mark-reauth-required.ts';
import { signInAddress, type Account } from '../accounts/account.ts';
import type { MailboxTokens } from '../accounts/sign-in.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Recent, Stored } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import type { Secret } from '../shared/secret.ts';
import type { LoginServer } from './authentication.ts';
import { logInWithPassword } from './log-in-with-password.ts';
import type { MailLogin } from './mail-login.ts';

export interface LogInPorts extends AccountEventPorts {
  readonly tokens: MailboxTokens;
  readonly heldSecrets: HeldSecrets;
}

/**
 * Opens a session with a server, by its password or as its account. A server that refuses the token is asked once more with a fresh one: a
 * token may have been withdrawn before it expired. An account whose grant has died is marked so.
 * @throws GatewayError `account-not-connected`, `reauth-required`, `sign-in-blocked`, `sign-in-unavailable`, ..., and what `open` throws
 */
export async function logIn<Session>(
  call: Call,
  server: LoginServer,
  ports: LogInPorts,
  open: (login: MailLogin, call: Call) => Promise<Session>,
): Promise<Session> {
  const { account } = server;
  if (account === undefined) return logInWithPassword(call, server, ports.heldSecrets, open);
  return logInAs((await requireAccount(account, ports.accounts)).value, call, server, ports, open);
}

/** Opens a session as an account, likewise. */
export async function logInAs<Session>(
  account: Account,
  call: Call,
  server: LoginServer,
  ports: LogInPorts,
  open: (login: MailLogin, call: Call) => Promise<Session>,
): Promise<Session> {
  const loginWith = (secret: Secret): MailLogin => ({
    host: server.host,
    port: server.port,
    encryption: server.encryption,
    user: userOf(account, server.mailbox),
    proof: { kind: 'token', secret },
  });
  try {
    const token = await ports.tokens.accessToken(account);
    try {
      return await open(loginWith(token), call);
    } catch (thrown) {
      if (toGatewayError(thrown).code !== 'mail-login-refused') throw thrown;
      return await open(loginWith(await ports.tokens.accessToken(account, token)), call);
    }
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (account.state === 'connected' && endsGrant(error)) await markReauthRequired(call, account, error, ports);
    throw error;
  }
}

/** Who logs in to a server: the mailbox, where one is to be opened, else the person who signed in. */
export function userOf(account: Account, mailbox?: string): string {
  return mailbox ?? signInAddress(account);
}

/**
 * The account of a server, as it was at most a second ago, if it was connected then: of many servers that are read at the
 * same time none asks for its own. @throws GatewayError `account-not-connected` when it is gone
 */
export async function recentAccount(id: string, accounts: Collection<Account> & Recent<Account>): Promise<Account> {
  const known = (await accounts.recent()).find(({ value }) => value.id === id)?.value;
  return known?.state === 'connected' ? known : (await requireAccount(id, accounts)).value;
}

/** The account of a server. @throws GatewayError `account-not-connected` when it is gone */
export async function requireAccount(id: string, accounts: Collection<Account>): Promise<Stored<Account>> {
  const stored = await accounts.get(id);
  if (stored !== undefined) return stored;
  throw new GatewayError('account-not-connected', `The account ${id} does not exist any more.`, {
    data: { remedy: 'Give the server another account.' },
  });
}
