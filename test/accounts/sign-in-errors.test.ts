import { describe, expect, it } from 'vitest';
import { endApproval } from '../../functions/accounts/approval.ts';
import { toDeclinedError } from '../../functions/accounts/to-declined-error.ts';
import { toSignInError } from '../../functions/azure/to-sign-in-error.ts';
import { GatewayError, type ErrorCode } from '../../functions/shared/errors.ts';

describe('what Microsoft’s redirect says instead of a code', () => {
  it.each<[string, string, ErrorCode]>([
    ['access_denied', 'AADSTS65004: User declined to consent to access the app.', 'consent-declined'],
    // A personal account that presses Cancel: no number at all.
    ['access_denied', 'The user has denied access to the scope requested.', 'consent-declined'],
    ['access_denied', '', 'consent-declined'],
    ['access_denied', 'AADSTS90094: The grant requires admin permission.', 'admin-consent-needed'],
    ['consent_required', 'AADSTS65001: The user or administrator has not consented.', 'admin-consent-needed'],
    ['access_denied', 'AADSTS50105: Your administrator has configured the application.', 'sign-in-failed'],
    ['access_denied', 'AADSTS53003: Access has been blocked by Conditional Access policies.', 'sign-in-failed'],
    ['invalid_client', 'AADSTS650052: The app needs access to a service.', 'sign-in-failed'],
    ['invalid_request', 'AADSTS9002325: Proof Key for Code Exchange is required.', 'sign-in-failed'],
    ['server_error', 'AADSTS90033: A transient error has occurred.', 'sign-in-unavailable'],
    ['temporarily_unavailable', '', 'sign-in-unavailable'],
  ])('%s "%s" is %s', (error, description, code) => {
    expect(toDeclinedError(error, description).code).toBe(code);
  });

  it('shows a bounded part of the words, and the number', () => {
    const { data, message } = toDeclinedError('e'.repeat(1000), `AADSTS50105: ${'x'.repeat(10_000)}`);
    expect(data.upstream).toMatchObject({ protocol: 'oauth', aadsts: '50105', code: 'e'.repeat(100) });
    expect(data.upstream?.text).toHaveLength(500);
    expect(message.length).toBeLessThan(300);
  });

  it('shows nothing but name and number where anybody may have written the words', () => {
    const refusal = (error: string, description: string): GatewayError => {
      try {
        endApproval(error, description);
      } catch (thrown) {
        return thrown as GatewayError;
      }
      throw new Error('It was taken for an approval.');
    };
    const shown = refusal('Call 555-0100 now', 'AADSTS90094: canary, call 555-0100');
    expect(JSON.stringify([shown.message, shown.data])).not.toMatch(/canary|555/);
    expect(shown.data.upstream?.aadsts).toBe('90094');
    expect(refusal('access_denied', 'AADSTS65004: canary').code).toBe('consent-declined');
    expect(() => {
      endApproval(undefined, 'canary');
    }).not.toThrow();
  });
});

const app = { clientId: 'c0ffee00-1111-4222-8333-444455556666', tenant: 'common' };

/** An error as MSAL throws it. */
function msal(errorCode: string, errorMessage = ''): Error {
  return Object.assign(new Error(`${errorCode}: ${errorMessage}`), { errorCode, errorMessage });
}

const wrapped = (number: string): string =>
  `Error(s): ${number} - Timestamp: Not Available - Description: AADSTS${number}: Words. Trace ID: x`;

describe('what MSAL throws', () => {
  it.each<[string, Error, ErrorCode, ErrorCode]>([
    ['a used code, a dead grant', msal('invalid_grant', wrapped('54005')), 'sign-in-failed', 'reauth-required'],
    ['a revoked grant', msal('invalid_grant', 'AADSTS50173: Words.'), 'sign-in-failed', 'reauth-required'],
    ['a second factor', msal('interaction_required', 'AADSTS50076: Words.'), 'sign-in-failed', 'reauth-required'],
    ['no refresh token', msal('no_tokens_found'), 'sign-in-failed', 'reauth-required'],
    ['a wrong secret', msal('invalid_client', wrapped('7000215')), 'app-credential-refused', 'app-credential-refused'],
    ['an old secret', msal('invalid_client', wrapped('7000222')), 'app-credential-refused', 'app-credential-refused'],
    [
      'an unknown application',
      msal('unauthorized_client', wrapped('700016')),
      'app-credential-refused',
      'app-credential-refused',
    ],
    ['a disabled application', msal('invalid_grant', wrapped('7000112')), ...both('app-credential-refused')],
    ['throttling', msal('temporarily_unavailable', wrapped('90055')), ...both('sign-in-unavailable')],
    ['a request loop', msal('invalid_grant', wrapped('50196')), ...both('sign-in-unavailable')],
    ['remembered throttling', msal(''), ...both('sign-in-unavailable')],
    ['a broken server', msal('server_error'), ...both('sign-in-unavailable')],
    ['no network', msal('network_error'), ...both('sign-in-unavailable')],
    ['no discovery document', msal('endpoints_resolution_error'), ...both('sign-in-unavailable')],
    ['another nonce', msal('nonce_mismatch'), 'sign-in-failed', 'reauth-required'],
    ['a mistake of our own', new TypeError('x is not a function'), ...both('internal-error')],
  ])('%s', (_name, thrown, redeeming, refreshing) => {
    const [redeem, refresh] = [toSignInError(thrown, 'redeem', app), toSignInError(thrown, 'refresh', app)];
    expect([redeem.code, refresh.code]).toEqual([redeeming, refreshing]);
    expect(refresh.cause).toBe(thrown);
  });

  it('says why, with the number, and what to do', () => {
    const error = toSignInError(msal('invalid_grant', 'AADSTS700082: Words.'), 'refresh', app);
    expect(error.message).toContain('the token was not used for 90 days (AADSTS700082)');
    expect(error.data).toMatchObject({ upstream: { protocol: 'oauth', code: 'invalid_grant', aadsts: '700082' } });
    expect(error.data.remedy).toContain('/connect');
    expect(toSignInError(msal('invalid_grant', 'AADSTS999999: Words.'), 'refresh', app).message).toContain(
      '(AADSTS999999)',
    );
  });

  it.each([
    ['7000215', 'client-secret', 'az ad app credential reset'],
    ['7000218', 'client-secret', 'PUT /v1/app'],
    ['700027', 'certificate', 'az keyvault certificate download --vault-name VAULT --name postern-app'],
    ['700024', 'certificate', '--cert @postern-app.pem'],
    ['70021', 'managed-identity', 'az ad app federated-credential list'],
    ['700211', 'managed-identity', 'credential.federation of GET /v1/app'],
    ['700212', 'managed-identity', 'audience'],
    ['700213', 'managed-identity', 'subject'],
  ] as const)('AADSTS%s is a fault of the app, and is mended by its %s', (number, kind, words) => {
    const credential = kind === 'certificate' ? { kind, name: 'postern-app' } : { kind };
    for (const doing of ['redeem', 'refresh'] as const) {
      const error = toSignInError(msal('invalid_request', wrapped(number)), doing, { ...app, credential });
      expect([error.code, error.meaning.actor]).toEqual(['app-credential-refused', 'operator']);
      expect(error.data.remedy).toContain(words);
      if (kind !== 'client-secret' && words.startsWith('az')) expect(error.data.remedy).toContain(app.clientId);
    }
  });

  it('leaves our own errors as they are', () => {
    const own = new GatewayError('secrets-unavailable', 'The key vault did not give a secret.');
    expect(toSignInError(own, 'refresh', app)).toBe(own);
  });
});

function both(code: ErrorCode): [ErrorCode, ErrorCode] {
  return [code, code];
}
