import { randomUUID } from 'node:crypto';
import type { Circumstances } from '../circumstances.ts';
import { objectIdOf, type Directory, type User } from '../directory.ts';
import type { JwtSigner } from './jwt.ts';
import { graph, outlookResources } from './scopes.ts';

/** Whom a mail server has before it. */
export interface MailIdentity {
  /** The signed-in user; undefined for an application that acts for itself. */
  user: User | undefined;
  /** The object id of the user or of the enterprise application. */
  objectId: string;
  /** `SMTP.Send`, `IMAP.AccessAsUser.All`; for an application `SMTP.SendAsApp`, `IMAP.AccessAsApp`. */
  permissions: readonly string[];
}

export interface AccessTokens {
  /** Seconds a new token is good for. */
  readonly lifetime: number;
  forUser(user: User, clientId: string, resource: string, names: readonly string[]): string;
  /** With the permissions that an administrator has granted to the application itself. */
  forApplication(clientId: string, resource: string, granted: readonly string[]): string;
  /**
   * What the mail servers ask: signed by us, not expired, meant for Exchange Online, for somebody who exists? A user's
   * revocation does not end the access tokens he has.
   */
  validate(token: string): MailIdentity | undefined;
}

export function createAccessTokens(options: {
  signer: JwtSigner;
  directory: Directory;
  circumstances: Circumstances;
  tenantId: string;
}): AccessTokens {
  const { signer, directory, circumstances, tenantId } = options;
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
      const { address, name, signInName = address } = user;
      const oid = objectIdOf(address);
      const missing = (['SMTP.Send', 'IMAP.AccessAsUser.All'] as const).filter((permission) =>
        circumstances.hold(`token without ${permission}`, address),
      );
      const scp = names.filter((permission) => !missing.some((each) => each === permission)).join(' ');
      const upn = circumstances.hold('sign-in name changed', address) ? renamed(address) : signInName;
      const audience = circumstances.hold('token for Graph', address) ? graph : resource;
      return sign(clientId, audience, { idtyp: 'user', name, oid, scp, sub: oid, unique_name: upn, upn });
    },
    forApplication(clientId, resource, granted) {
      const roles = outlookResources.includes(resource) && granted.length > 0 ? { roles: granted } : {};
      const oid = objectIdOf(clientId);
      return sign(clientId, resource, { idtyp: 'app', oid, ...roles, sub: oid });
    },
    validate(token) {
      const claims = signer.verify(token);
      if (!claims || typeof claims['aud'] !== 'string' || !outlookResources.includes(claims['aud'])) return undefined;
      const { upn, scp, roles, idtyp } = claims;
      const objectId = String(claims['oid']);
      if (idtyp === 'app') {
        return { user: undefined, objectId, permissions: Array.isArray(roles) ? roles.map(String) : [] };
      }
      const user = directory.users.find(
        ({ address, signInName = address }) => signInName === upn || renamed(address) === upn,
      );
      return user && typeof scp === 'string' ? { user, objectId, permissions: scp.split(' ') } : undefined;
    },
  };
}

/** A person's sign-in name after it was changed, while the mailbox kept its address. */
function renamed(address: string) {
  return address.replace('@', '.renamed@');
}
