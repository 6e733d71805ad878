import { mailScopes } from '../accounts/app-registration.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import type { CreateMsalClient } from './msal-client.ts';
import { toSignInError } from './to-sign-in-error.ts';

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
        const query = { client_id: app.clientId, scope: mailScopes(app).join(' '), redirect_uri: redirectUri, state };
        return `${origin}/${organisation}/v2.0/adminconsent?${new URLSearchParams(query).toString()}`;
      } catch {
        // The person is told what to ask for all the same.
        return undefined;
      }
    },

    async authorizeUrl(app, { redirectUri, state, nonce, codeChallenge, loginHint }) {
      try {
        const client = await createClient(app);
        return await client.getAuthCodeUrl({
          scopes: mailScopes(app),
          redirectUri,
          state,
          nonce,
          codeChallenge,
          codeChallengeMethod: 'S256',
          loginHint,
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
          scopes: mailScopes(app),
          redirectUri,
          code,
          nonce,
          codeVerifier,
        });
        const { account } = result;
        if (account === null) throw new GatewayError('sign-in-failed', 'Microsoft did not say who signed in.');
        return {
          identity: { objectId: account.localAccountId, tenantId: account.tenantId, address: account.username },
          tokens: new Secret(client.getTokenCache().serialize()),
        };
      } catch (thrown) {
        throw toSignInError(thrown, 'redeem', app);
      }
    },
  };
}
