import type { Account } from '../accounts/account.ts';
import { sameAddress } from '../servers/from-filter.ts';
import { GatewayError, type Actor } from '../shared/errors.ts';
import { commands } from './exchange-commands.ts';
import type { Finding, Protocol } from './judge-claims.ts';
import type { Explained } from './legs.ts';
import type { TokenClaims } from '../accounts/token-claims.ts';

/** What is known when a mail server says no. */
export interface Known {
  readonly account: Account;
  /** Undefined where the token cannot be read. */
  readonly claims: TokenClaims | undefined;
  readonly findings: readonly Finding[];
  /** Who logged in: for IMAP the mailbox. */
  readonly user: string;
}

/** Says that a server that is busy needs nobody's help. Other errors stay as they are. */
export function explainBusy(error: GatewayError): Explained {
  const isUntold = error.code === 'mail-server-busy' && error.data.remedy === undefined;
  return isUntold ? retold(error, undefined, patience(error)) : { error };
}

/**
 * Says why a mail server refuses a login or a mailbox: its own words are the same for many causes, what the token says of
 * itself tells them apart. Other errors stay as they are.
 */
export function explainLogin(error: GatewayError, protocol: Protocol, known: Known): Explained {
  if (error.code !== 'mail-login-refused' && error.code !== 'mailbox-not-opened') return explainBusy(error);
  // A reply that names its cause (535 5.7.139, licences) needs no explanation.
  if (/^5\.7\.139$|^5\.2\./.test(error.data.upstream?.enhanced ?? '')) return { error };
  const finding = known.findings.find(({ explains }) => explains.includes(protocol));
  if (finding !== undefined) return retold(error, finding.cause, finding.remedy, finding.actor);
  if (known.claims?.isApplication === true) return forApplication(error, known.claims, known);
  return error.code === 'mailbox-not-opened'
    ? retold(error, undefined, causesOfNotConnected(known.user, trusteeOf(known)))
    : retold(error, undefined, causesOfRefusal(protocol, known));
}

/**
 * The causes of "User is authenticated but not connected", in the order they are worth checking, each with its check and
 * its cure. `trustee` is who signed in, where that is somebody else than the mailbox's own user.
 */
export function causesOfNotConnected(mailbox: string, trustee?: string): string {
  const name = `${mailbox} is the mailbox's sign-in name, not only an alias: ${commands.names(mailbox)}`;
  const access =
    trustee === undefined
      ? `the account that signed in has Full Access to it: ${commands.fullAccessOf(mailbox)}`
      : `${trustee}, who signed in, has Full Access to it: ${commands.fullAccessOf(mailbox)}; to give it: ${commands.fullAccess(mailbox, trustee)}`;
  const licence = `it has an Exchange licence: ${commands.licences(mailbox)}`;
  const imap = `IMAP is on for it: ${commands.imapOf(mailbox)}; to switch it on: ${commands.imapOn(mailbox)}`;
  // Somebody else's mailbox is most often one he has no rights to; shared ones need no licence.
  const causes = trustee === undefined ? [name, licence, access, imap] : [access, imap, name, licence];
  return `Check in this order that ${causes.map((cause, index) => `(${String(index + 1)}) ${cause}`).join('; ')}. If all are right, it has too many connections: wait some minutes.`;
}

function causesOfRefusal(protocol: Protocol, { user, claims }: Known): string {
  const told =
    claims === undefined
      ? 'The token cannot be read, so only the server knows.'
      : 'The token itself is right (audience, permission, person), so it is the mailbox.';
  const switches =
    protocol === 'smtp'
      ? `(1) SMTP AUTH is on: ${commands.smtpAuthOf(user)}; to switch it on: ${commands.smtpAuthOn(user)}`
      : `(1) IMAP is on: ${commands.imapOf(user)}; to switch it on: ${commands.imapOn(user)}`;
  return `${told} Check that ${switches}; (2) ${user} is the sign-in name: ${commands.names(user)}; (3) it has an Exchange licence: ${commands.licences(user)}. What was changed within the last hour may not have reached Exchange yet.`;
}

/** New-ServicePrincipal with the wrong object id is the usual mistake; the token names the right one. */
function forApplication(
  error: GatewayError,
  { clientId = 'CLIENT-ID', objectId = 'ENTERPRISE-APP-OBJECT-ID' }: TokenClaims,
  { user }: Known,
): Explained {
  const remedy =
    `Make the application known to Exchange by the object id of its enterprise application, not of its registration: ${commands.servicePrincipal(clientId, objectId)}; ` +
    `then ${commands.fullAccess(user, objectId)}. Exchange needs up to an hour or two to see it.`;
  return retold(error, undefined, remedy, 'tenant admin');
}

function trusteeOf({ account, claims, user }: Known): string | undefined {
  const signedIn = claims?.user ?? account.identity?.address ?? account.delegate;
  return signedIn === undefined || sameAddress(signedIn, user) ? undefined : signedIn;
}

function patience({ data: { retryAfter } }: GatewayError): string {
  const when = retryAfter === undefined ? 'later' : `later, not before ${String(retryAfter)} seconds have passed`;
  return `Nothing: Postern tries again ${when}.`;
}

function retold(error: GatewayError, cause: string | undefined, remedy: string, actor?: Actor): Explained {
  const { code, message, data } = error;
  const detail = cause === undefined ? message : `${message} ${cause}`;
  return {
    error: new GatewayError(code, detail, { cause: error.cause, data: { ...data, remedy } }),
    ...(actor !== undefined && { actor }),
  };
}
