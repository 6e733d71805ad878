import { randomUUID } from 'node:crypto';
import { objectIdOf, type Directory, type User } from '../directory.ts';
import type { JwtSigner } from './jwt.ts';
import { outlookResources } from './scopes.ts';

/** Whom a mail server has before it. */
export interface MailIdentity {
  /** The signed-in user; undefined for an application that acts for itself. */
  user: User | undefined;
  /** `SMTP.Send`, `IMAP.AccessAsUser.All`; for an application `SMTP.SendAsApp`, `IMAP.AccessAsApp`. */
  permissions: readonly string[];
}

export interface AccessTokens {
  /** Seconds a new token is good for. */
  readonly lifetime: number;
  forUser(user: User, clientId: string, resource: string, names: readonly string[]): string;
  forApplication(clientId: string, resource: string): string;
  /**
   * What the mail servers ask: signed by us, not expired, meant for Exchange Online, for somebody who exists? A user's
   * revocation does not end the access tokens he has.
   */
  validate(token: string): MailIdentity | undefined;
}

export function createAccessTokens(options: {
  signer: JwtSigner;
  directory: Directory;
  tenantId: string;
}): AccessTokens {
  const { signer, directory, tenantId } = options;
  // Entra picks 60 to 90 minutes.
  const lifetime = 4500;

  const sign = (clientId: string, resource: string, claims: Record<string, unknown>) => {
    const now = Math.floor(Date.now() / 1000);
    return signer.sign({
      aud: resource,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + lifetime,
      appid: clientId,
      tid: tenantId,
      uti: randomUUID(),
      ver: '1.0',
      ...claims,
    });
  };

  return {
    lifetime,
    forUser(user, clientId, resource, names) {
      const { address, name } = user;
      const oid = objectIdOf(address);
      const scp = names.join(' ');
      return sign(clientId, resource, { idtyp: 'user', name, oid, scp, sub: oid, unique_name: address, upn: address });
    },
    forApplication(clientId, resource) {
      const roles = outlookResources.includes(resource) ? ['IMAP.AccessAsApp', 'SMTP.SendAsApp'] : [];
      const oid = objectIdOf(clientId);
      return sign(clientId, resource, { idtyp: 'app', oid, roles, sub: oid });
    },
    validate(token) {
      const claims = signer.verify(token);
      if (!claims || typeof claims['aud'] !== 'string' || !outlookResources.includes(claims['aud'])) return undefined;
      const { upn, scp, roles } = claims;
      if (Array.isArray(roles)) return { user: undefined, permissions: roles.map(String) };
      const user = typeof upn === 'string' ? directory.user(upn) : undefined;
      return user && typeof scp === 'string' ? { user, permissions: scp.split(' ') } : undefined;
    },
  };
}
