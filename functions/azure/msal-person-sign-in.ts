import type { PersonSignIn } from '../accounts/person-sign-in.ts';
import { GatewayError } from '../shared/errors.ts';
import type { CreateMsalClient } from './msal-client.ts';
import { toSignInError } from './to-sign-in-error.ts';

/**
 * Microsoft's sign-in through MSAL as proof of who somebody is. What it says comes over TLS from the token endpoint
 * itself, in answer to the application's own credential; MSAL checks the nonce. The tokens are forgotten.
 */
export function createMsalPersonSignIn(createClient: CreateMsalClient): PersonSignIn {
  return {
    async authorizeUrl(app, request) {
      try {
        const client = await createClient(app);
        return await client.getAuthCodeUrl({
          ...request,
          // MSAL adds openid, profile and offline_access.
          scopes: [],
          codeChallengeMethod: 'S256',
          // People have an account for reading mail and one for administration: which, they say themselves.
          prompt: 'select_account',
          responseMode: 'query',
        });
      } catch (thrown) {
        throw toSignInError(thrown, 'redeem', app);
      }
    },

    async redeem(app, request) {
      try {
        const client = await createClient(app);
        const { account, idTokenClaims } = await client.acquireTokenByCode({ ...request, scopes: [] });
        if (account === null) throw new GatewayError('sign-in-failed', 'Microsoft did not say who signed in.');
        const { roles } = idTokenClaims as { roles?: unknown };
        return {
          objectId: account.localAccountId,
          tenantId: account.tenantId,
          address: account.username,
          roles: Array.isArray(roles) ? roles.map(String) : [],
        };
      } catch (thrown) {
        throw toSignInError(thrown, 'redeem', app);
      }
    },
  };
}
