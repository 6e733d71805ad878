import { signInAddress, type Account } from '../accounts/account.ts';
import { sameAddress } from '../servers/from-filter.ts';
import type { Actor, ErrorCode } from '../shared/errors.ts';
import { commands } from './exchange-commands.ts';
import type { TokenClaims } from '../accounts/token-claims.ts';

export type Protocol = 'imap' | 'smtp';

/** Something about a token that a mail server may refuse it for. */
export interface Finding {
  /** The logins it explains. */
  readonly explains: readonly Protocol[];
  readonly code: ErrorCode;
  readonly cause: string;
  readonly actor: Actor;
  readonly remedy: string;
}

/** The permission each protocol asks of a person's token, and of an application's. */
const permissionOf = {
  imap: { person: 'IMAP.AccessAsUser.All', application: 'IMAP.AccessAsApp' },
  smtp: { person: 'SMTP.Send', application: 'SMTP.SendAsApp' },
} as const satisfies Record<Protocol, object>;

// Exchange Online by its names in Microsoft's clouds, and by its application id.
const exchange =
  /^(?:https:\/\/(?:outlook\.office(?:365)?\.(?:com|us)|(?:ps|outlook)\.(?:outlook|office)\.com|partner\.outlook\.cn|webmail\.apps\.mil)\/?|00000002-0000-0ff1-ce00-000000000000)$/i;
const graph =
  /^(?:https:\/\/(?:dod-)?graph\.microsoft\.(?:com|us)\/?|https:\/\/microsoftgraph\.chinacloudapi\.cn\/?|00000003-0000-0000-c000-000000000000)$/i;

/** What of a token does not fit an account's mailbox; the most telling first. Pure. */
export function judgeClaims(
  claims: TokenClaims,
  account: Account,
  protocols: readonly Protocol[],
  now: Date,
): readonly Finding[] {
  return [
    ...audienceFinding(claims, protocols),
    ...permissionFindings(claims, account, protocols),
    ...identityFinding(claims, account, protocols),
    ...expiryFinding(claims, protocols, now),
  ];
}

function audienceFinding({ audience }: TokenClaims, explains: readonly Protocol[]): Finding[] {
  if (exchange.test(audience)) return [];
  const whose = graph.test(audience) ? 'Microsoft Graph' : audience;
  return [
    {
      ...{ explains, code: 'mail-login-refused', actor: 'operator' },
      cause: `The token is for ${whose} (aud ${audience}); the mail servers take tokens for Exchange Online only.`,
      remedy:
        'Ask for the scopes https://outlook.office.com/SMTP.Send and https://outlook.office.com/IMAP.AccessAsUser.All, in full: ' +
        'names without the host belong to Graph. If nothing of Postern was changed, report it as a fault of Postern.',
    },
  ];
}

function permissionFindings(claims: TokenClaims, account: Account, protocols: readonly Protocol[]): Finding[] {
  const { permissions, isApplication, clientId = 'CLIENT-ID' } = claims;
  return protocols.flatMap((protocol): Finding[] => {
    const needed = permissionOf[protocol][isApplication ? 'application' : 'person'];
    // An application may send by a role of Exchange's own instead, which no token shows (smtp-app-rbac-onboarding).
    if (permissions.includes(needed) || (isApplication && protocol === 'smtp')) return [];
    const has = permissions.length === 0 ? 'none' : permissions.join(', ').slice(0, 200);
    return [
      {
        ...{ explains: [protocol], code: 'admin-consent-needed', actor: 'tenant admin' },
        cause: `The token lacks the permission ${needed}; it has: ${has}.`,
        remedy: isApplication
          ? `Entra admin centre, App registrations, ${clientId}, API permissions: add the application permission ${needed} of Office 365 Exchange Online and grant admin consent.`
          : `${commands.permissions(clientId)}; then ${commands.consent(clientId)}; then connect the account again: POST /v1/accounts/${account.id}/connect.`,
      },
    ];
  });
}

function identityFinding(claims: TokenClaims, account: Account, explains: readonly Protocol[]): Finding[] {
  if (claims.isApplication) return [];
  const pinned = account.identity;
  const { user = 'somebody without a name', objectId, tenantId } = claims;
  const expected = signInAddress(account);
  const remedy = `Connect it again, signed in as ${expected}: POST /v1/accounts/${account.id}/connect.`;
  const other = (cause: string): Finding[] => [
    { explains, code: 'wrong-account', actor: 'mailbox owner', cause, remedy },
  ];
  if (pinned !== undefined && objectId !== undefined && objectId !== pinned.objectId)
    return other(`The token is of ${user}, who is not the ${expected} that was connected.`);
  if (pinned !== undefined && tenantId !== undefined && tenantId !== pinned.tenantId)
    return other(`The token is of the tenant ${tenantId}; the account was connected in ${pinned.tenantId}.`);
  if (sameAddress(user, expected)) return [];
  return [
    {
      ...{ explains, code: 'mailbox-not-opened', actor: 'tenant admin' },
      cause: `The sign-in name has become ${user}; the login is made as ${expected}.`,
      remedy:
        `Connect the account again, so that it is known by its new name (POST /v1/accounts/${account.id}/connect), ` +
        `or give the person the old one back: ${commands.rename(user, expected)}. ${commands.names(expected)} shows both names of the mailbox.`,
    },
  ];
}

function expiryFinding({ expiresAt }: TokenClaims, explains: readonly Protocol[], now: Date): Finding[] {
  if (expiresAt === undefined || expiresAt > now) return [];
  return [
    {
      ...{ explains, code: 'sign-in-unavailable', actor: 'operator' },
      cause: `The token that was just made expired at ${expiresAt.toISOString()}.`,
      remedy: 'Check the clock of the machine Postern runs on.',
    },
  ];
}
