import { mailScopes } from '../accounts/app-registration.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import type { CreateMsalClient } from './msal-client.ts';
import { toIdentity } from './to-identity.ts';
import { toSignInError } from './to-sign-in-error.ts';

// MSAL adds openid, profile and offline_access by itself; the address is often not the sign-in name.
const signInScopes = ['email'];
const approvedWithThem = ['openid', 'profile', 'offline_access', ...signInScopes];

/** Microsoft's sign-in through MSAL: authorization code with PKCE (RFC 7636) and nonce. */
export function createMsalSignIn(createClient: CreateMsalClient): SignIn {
  return {
    // https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
    async approvalUrl(app, { redirectUri, state }) {
      if (app.tenant === 'consumers') return undefined;
      try {
        const client = await createClient(app);
        // Administrators approve where people sign in, and MSAL knows where that is.
        const { origin } = new URL(await client.getAuthCodeUrl({ scopes: mailScopes(app), redirectUri }));
        const organisation = app.tenant === 'common' ? 'organizations' : app.tenant;
        const scope = [...mailScopes(app), ...approvedWithThem].join(' ');
        const query = { client_id: app.clientId, scope, redirect_uri: redirectUri, state };
        return `${origin}/${organisation}/v2.0/adminconsent?${new URLSearchParams(query).toString()}`;
      } catch {
        // The person is told what to ask for all the same.
        return undefined;
      }
    },

    async authorizeUrl(app, { redirectUri, state, nonce, codeChallenge }) {
      try {
        const client = await createClient(app);
        return await client.getAuthCodeUrl({
          scopes: [...mailScopes(app), ...signInScopes],
          redirectUri,
          state,
          nonce,
          codeChallenge,
          codeChallengeMethod: 'S256',
          // Microsoft must ask, or it takes whoever the browser is signed in as. It takes no login_hint with that.
          prompt: 'select_account',
          responseMode: 'query',
        });
      } catch (thrown) {
        throw toSignInError(thrown, 'redeem', app);
      }
    },

    async redeem(app, { redirectUri, code, nonce, codeVerifier }) {
      try {
        const client = await createClient(app);
        const result = await client.acquireTokenByCode({
          scopes: [...mailScopes(app), ...signInScopes],
          redirectUri,
          code,
          nonce,
          codeVerifier,
        });
        const { account } = result;
        if (account === null) throw new GatewayError('sign-in-failed', 'Microsoft did not say who signed in.');
        return { identity: toIdentity(account, app), tokens: new Secret(client.getTokenCache().serialize()) };
      } catch (thrown) {
        throw toSignInError(thrown, 'redeem', app);
      }
    },
  };
}
