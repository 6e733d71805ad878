import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { EntraTokens } from '../access/entra-caller.ts';
import { GatewayError } from '../shared/errors.ts';

const second = 1000;

/**
 * Access tokens of Entra, version 2, judged by jose with the keys of our own tenant, which are kept for ten minutes.
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export function createEntraTokens(loginUrl: string): EntraTokens {
  let known: { readonly tenant: string; readonly keys: JWTVerifyGetKey } | undefined;

  return {
    async applicationOf(token, { clientId, tenant }) {
      const { createRemoteJWKSet, errors, jwtVerify } = await import('jose');
      if (known?.tenant !== tenant) {
        const url = new URL(`${loginUrl}/${tenant}/discovery/v2.0/keys`);
        known = { tenant, keys: createRemoteJWKSet(url, { timeoutDuration: 5 * second }) };
      }
      try {
        const { payload } = await jwtVerify(token, known.keys, {
          issuer: `${loginUrl}/${tenant}/v2.0`,
          audience: [clientId, `api://${clientId}`],
          algorithms: ['RS256'],
          requiredClaims: ['exp', 'oid', 'azp'],
          clockTolerance: 60,
        });
        return isOfApplication(payload) ? { objectId: String(payload['oid']), roles: rolesOf(payload) } : undefined;
      } catch (cause) {
        const isJudged = cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout);
        // An unexpected answer of the endpoint is jose's general error.
        if (isJudged && cause.code !== 'ERR_JOSE_GENERIC') return undefined;
        throw new GatewayError('sign-in-unavailable', 'Microsoft’s keys for judging the token could not be had.', {
          cause,
        });
      }
    },
  };
}

/**
 * The application acts for itself: a token it has for a person names that person in `oid`, and a proof of a sign-in, which
 * has our audience and the person's roles too, has no `azp`.
 */
function isOfApplication({ sub, oid, scp }: JWTPayload): boolean {
  return sub === oid && scp === undefined;
}

function rolesOf({ roles }: JWTPayload): string[] {
  return Array.isArray(roles) ? roles.map(String) : [];
}
