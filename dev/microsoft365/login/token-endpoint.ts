import { createHash } from 'node:crypto';
import { objectIdOf, type User } from '../directory.ts';
import { takeFault } from '../faults.ts';
import { authenticateApplication } from './authenticate-application.ts';
import { EntraRefusal, toEntraErrorBody } from './entra-error.ts';
import type { Reply } from './reply.ts';
import { onlyResource, parseScopes, permissionsOf, type Scopes } from './scopes.ts';
import type { Application, Tenant } from './tenant.ts';

/**
 * `POST /{tenant}/oauth2/v2.0/token`: codes, refresh tokens and client credentials become tokens. Every refusal has
 * Entra's JSON shape.
 */
export function answerTokenRequest(tenant: Tenant, tenantName: string, form: URLSearchParams): Reply {
  const fault = takeFault(tenant.faults.token, subjectOf(tenant, form));
  if (fault && 'status' in fault) return { kind: 'json', status: fault.status, body: fault.body };
  try {
    if (fault) throw new EntraRefusal(fault.aadsts);
    return { kind: 'json', status: 200, body: grant(tenant, tenantName, form) };
  } catch (error) {
    if (!(error instanceof EntraRefusal)) throw error;
    return { kind: 'json', status: error.status, body: toEntraErrorBody(error, tenant.origin) };
  }
}

/** Whose code or refresh token it is, for faults that are meant for one user. */
function subjectOf(tenant: Tenant, form: URLSearchParams): string[] {
  try {
    const user =
      form.get('grant_type') === 'authorization_code'
        ? tenant.codes.look(form.get('code') ?? '').user.address
        : tenant.grants.openRefreshToken(form.get('refresh_token') ?? '')?.grant.user;
    return user === undefined ? [] : [user];
  } catch {
    return [];
  }
}

function grant(tenant: Tenant, tenantName: string, form: URLSearchParams) {
  const application = authenticateApplication(tenant, form);
  const grantType = required(form, 'grant_type');
  switch (grantType) {
    case 'authorization_code':
      return redeemCode(tenant, application, form);
    case 'refresh_token':
      return refresh(tenant, application, form);
    case 'client_credentials':
      return actAsApplication(tenant, tenantName, application, form);
    default:
      throw new EntraRefusal(70003, `The grant type is '${grantType}'.`);
  }
}

function redeemCode(tenant: Tenant, application: Application, form: URLSearchParams) {
  const code = required(form, 'code');
  const signIn = tenant.codes.look(code);
  if (signIn.clientId !== application.clientId) throw new EntraRefusal(70000);
  if (required(form, 'redirect_uri') !== signIn.redirectUri) throw new EntraRefusal(500112);
  if (signIn.codeChallenge !== undefined) {
    const verifier = form.get('code_verifier') ?? '';
    // RFC 7636 section 4.6
    if (createHash('sha256').update(verifier).digest('base64url') !== signIn.codeChallenge) {
      throw new EntraRefusal(501481);
    }
  }
  demandAccess(tenant, signIn.user);
  const answer = userTokens(tenant, application, signIn.user, form.get('scope') ?? signIn.scope, {
    nonce: signIn.nonce,
    refreshable: parseScopes(signIn.scope).signIn.has('offline_access'),
  });
  tenant.codes.redeem(code);
  return answer;
}

function refresh(tenant: Tenant, application: Application, form: URLSearchParams) {
  const opened = tenant.grants.openRefreshToken(required(form, 'refresh_token'));
  const user = opened && tenant.directory.user(opened.grant.user);
  if (!user || opened.grant.clientId !== application.clientId) throw new EntraRefusal(70000);
  demandAccess(tenant, user);
  if (tenant.circumstances.hold('second factor missing', user.address)) throw new EntraRefusal(50076);
  if (opened.state === 'revoked') throw new EntraRefusal(50173);
  if (opened.state === 'expired') throw new EntraRefusal(700082);
  const scope = form.get('scope') ?? opened.grant.scope;
  return userTokens(tenant, application, user, scope, { nonce: undefined, refreshable: true });
}

function demandAccess({ circumstances }: Tenant, { address }: User) {
  if (circumstances.hold('user disabled', address)) throw new EntraRefusal(50057);
  if (circumstances.hold('not assigned', address)) throw new EntraRefusal(50105);
}

function actAsApplication(tenant: Tenant, tenantName: string, application: Application, form: URLSearchParams) {
  if (tenantName !== tenant.id) throw new EntraRefusal(9001023);
  const { resource, names } = onlyResource(parseScopes(required(form, 'scope')));
  if (names.join() !== '.default')
    throw new EntraRefusal(70011, 'Client credentials need a scope that ends in /.default.');
  const { clientId } = application;
  const isOurs = tenant.applications.some((each) => each.clientId === resource);
  return {
    token_type: 'Bearer',
    expires_in: tenant.accessTokens.lifetime,
    ext_expires_in: tenant.accessTokens.lifetime,
    access_token: isOurs
      ? apiToken(tenant, application, resource)
      : tenant.accessTokens.forApplication(clientId, resource, tenant.grants.grantedToApplication(clientId)),
  };
}

/** An application's token for the API of another, of version 2, with the app roles it has there. */
function apiToken(tenant: Tenant, { clientId, roles }: Application, audience: string) {
  const now = Math.floor(Date.now() / 1000);
  const oid = objectIdOf(clientId);
  return tenant.signer.sign({
    aud: audience,
    iss: `${tenant.origin}/${tenant.id}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + tenant.accessTokens.lifetime,
    azp: clientId,
    azpacr: '1',
    oid,
    sub: oid,
    tid: tenant.id,
    ver: '2.0',
    ...(roles === undefined ? {} : { roles }),
  });
}

function userTokens(
  tenant: Tenant,
  application: Application,
  user: User,
  scope: string,
  { nonce, refreshable }: { nonce: string | undefined; refreshable: boolean },
) {
  const { clientId } = application;
  const scopes = parseScopes(scope);
  const { resource, names } = onlyResource(scopes);
  const permissions = permissionsOf(scopes);
  if (!tenant.grants.isConsented(clientId, user.address, permissions)) throw new EntraRefusal(65001);
  return {
    token_type: 'Bearer',
    scope: permissions.join(' '),
    expires_in: tenant.accessTokens.lifetime,
    ext_expires_in: tenant.accessTokens.lifetime,
    access_token: tenant.accessTokens.forUser(user, clientId, resource, names),
    ...(refreshable ? { refresh_token: tenant.grants.newRefreshToken({ user: user.address, clientId, scope }) } : {}),
    ...(scopes.signIn.has('openid') ? { id_token: idToken(tenant, clientId, user, scopes, nonce) } : {}),
    client_info: base64url({ uid: objectIdOf(user.address), utid: tenant.id }),
  };
}

function idToken(tenant: Tenant, clientId: string, user: User, { signIn }: Scopes, nonce: string | undefined) {
  const now = Math.floor(Date.now() / 1000);
  const oid = objectIdOf(user.address);
  return tenant.signer.sign({
    aud: clientId,
    iss: `${tenant.origin}/${tenant.id}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + 3600,
    // Another one for every application, as in Entra: nobody is recognised by it.
    sub: createHash('sha256').update(`${oid} ${clientId}`).digest('base64url'),
    tid: tenant.id,
    oid,
    ver: '2.0',
    ...(signIn.has('email') ? { email: user.address } : {}),
    ...(signIn.has('profile') ? { name: user.name, preferred_username: user.signInName ?? user.address } : {}),
    // Left out, not empty, for those who have none.
    ...(user.roles === undefined ? {} : { roles: user.roles }),
    ...(nonce === undefined ? {} : { nonce }),
  });
}

function required(form: URLSearchParams, name: string) {
  const value = form.get(name);
  if (value === null || value === '') throw new EntraRefusal(900144, `The parameter is '${name}'.`);
  return value;
}

function base64url(value: unknown) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
