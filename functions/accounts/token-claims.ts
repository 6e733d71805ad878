import type { Secret } from '../shared/secret.ts';

/**
 * What an access token says of itself. For diagnosis, never as proof: nobody checks the signature, and whether the token
 * is good only the mail servers know. (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)
 */
export interface TokenClaims {
  /** `aud`: which service it is for. */
  readonly audience: string;
  /** `scp` of a person's token, `roles` of an application's. */
  readonly permissions: readonly string[];
  /** True when the application acts for itself. */
  readonly isApplication: boolean;
  /** `upn`: who signed in. */
  readonly user?: string;
  /** `appid`: the application's client id. */
  readonly clientId?: string;
  /** `oid`: the object id of the person, or of the enterprise application. */
  readonly objectId?: string;
  readonly tenantId?: string;
  readonly expiresAt?: Date;
}

// What is shown of a claim.
const longest = 200;

/** The claims of an access token; undefined when it cannot be read, as those of personal accounts cannot. */
export function readTokenClaims(token: Secret): TokenClaims | undefined {
  const [, payload = ''] = token.reveal().split('.');
  const claims = parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const text = (...names: string[]): string | undefined => {
    const value = names.map((name) => claims[name]).find((each) => typeof each === 'string' && each !== '');
    return typeof value === 'string' ? value.slice(0, longest) : undefined;
  };
  const audience = text('aud');
  if (audience === undefined) return undefined;
  const { exp, roles, idtyp } = claims;
  const scopes = text('scp');
  const [user, clientId, objectId, tenantId] = [
    text('upn', 'unique_name', 'preferred_username'),
    text('appid', 'azp'),
    text('oid'),
    text('tid'),
  ];
  return {
    audience,
    permissions: scopes?.split(' ') ?? (Array.isArray(roles) ? roles.slice(0, 50).map(String) : []),
    isApplication: idtyp === 'app' || (scopes === undefined && user === undefined),
    ...(user !== undefined && { user }),
    ...(clientId !== undefined && { clientId }),
    ...(objectId !== undefined && { objectId }),
    ...(tenantId !== undefined && { tenantId }),
    ...(typeof exp === 'number' && { expiresAt: new Date(exp * 1000) }),
  };
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
