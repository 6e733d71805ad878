import { describe, expect, it } from 'vitest';
import { microsoftErrors } from '../../functions/accounts/microsoft-errors.ts';
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
    ['access_denied', 'AADSTS50105: Your administrator has configured the application.', 'sign-in-blocked'],
    ['access_denied', 'AADSTS53003: Access has been blocked by Conditional Access policies.', 'sign-in-blocked'],
    ['invalid_client', 'AADSTS650052: The app needs access to a service.', 'sign-in-blocked'],
    ['invalid_client', 'AADSTS65005: The permissions are not listed.', 'app-credential-refused'],
    ['invalid_request', 'AADSTS90038: Tenant is in another national cloud.', 'app-credential-refused'],
    ['interaction_required', 'AADSTS50079: You must enroll.', 'sign-in-failed'],
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

  it('shows Microsoft’s ids beside the words, not in them', () => {
    const traceId = 'e5c33c3c-0d3e-4a6b-8f5d-0123456789ab';
    const correlationId = '11111111-2222-4333-8444-555555555555';
    const description = `AADSTS53003: Blocked. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: 2026-11-23 12:00:00Z`;
    const { upstream } = toDeclinedError('interaction_required', description).data;
    expect(upstream).toMatchObject({ traceId, correlationId, text: 'AADSTS53003: Blocked.' });
    expect(toSignInError(msal('interaction_required', description), 'redeem', app).data.upstream).toMatchObject({
      traceId,
      correlationId,
    });
    expect(toDeclinedError('x', 'AADSTS53003 Trace ID: <b>').data.upstream).not.toHaveProperty('traceId');
  });
});

/** Microsoft's numbers, as reference-error-codes has them, and what each is while a person signs in. */
const rows: Record<string, [ErrorCode, string]> = {
  ...rowsOf('sign-in-failed', 'mailbox owner', [
    ...[50173, 50132, 50133, 50089, 70000, 70008, 700082, 700005, 700020, 70043, 50074, 50076, 50078, 50079],
    ...[54005, 501481],
  ]),
  ...rowsOf('admin-consent-needed', 'tenant admin', [90093, 90094, 90095, 90099]),
  ...rowsOf('sign-in-blocked', 'tenant admin', [...[50105, 50020, 50034, 50057, 53000, 53001, 53003, 530003, 650052]]),
  ...rowsOf('app-credential-refused', 'operator', [
    ...[700016, 700011, 70001, 7000112, 90002, 50194, 50011, 500112, 65005, 650056, 650057, 90038, 900382, 900432],
    ...[7000215, 7000222, 7000218, 700025, 700027, 7000214, 1000502, 700021, 700023, 700024, 700229, 50027, 50013],
    ...[500133, 70021, 70025, 700211, 700212, 700213, 7002138],
  ]),
  ...rowsOf('sign-in-unavailable', 'operator', [50033, 50087, 50196, 90006, 90024, 90033, 90055, 90090]),
};

function rowsOf(code: ErrorCode, actor: string, numbers: number[]): Record<string, [ErrorCode, string]> {
  return Object.fromEntries(numbers.map((number) => [number, [code, actor]]));
}

describe('every number', () => {
  it.each(Object.entries(rows))(
    'AADSTS%s has a code, somebody who must act, and what to do',
    (number, [code, actor]) => {
      const description = `AADSTS${number}: Words.`;
      for (const error of [
        toDeclinedError('an_error', description),
        toSignInError(msal('x', description), 'redeem', app),
      ]) {
        expect([error.code, error.meaning.actor]).toEqual([code, actor]);
        expect(error.message).toMatch(new RegExp(`^.+: .+ \\(AADSTS${number}\\)\\.$`));
        expect(error.data.remedy).toMatch(/^[A-Z].+\.$/s);
      }
    },
  );

  it('is in this table', () => {
    // Without consent it depends on who was asked: see above.
    expect(Object.keys(microsoftErrors).sort()).toEqual([...Object.keys(rows), '65001'].sort());
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
    [
      'a disabled application',
      msal('invalid_grant', wrapped('7000112')),
      'app-credential-refused',
      'app-credential-refused',
    ],
    ['no such tenant', msal('invalid_request', wrapped('90002')), ...both('app-credential-refused')],
    ['a request of ours that is wrong', msal('invalid_request', wrapped('90014')), ...both('sign-in-failed')],
    ['a blocked sign-in', msal('interaction_required', wrapped('53003')), ...both('sign-in-blocked')],
    ['a disabled person', msal('invalid_grant', wrapped('50057')), ...both('sign-in-blocked')],
    ['no Exchange', msal('invalid_client', wrapped('650052')), ...both('sign-in-blocked')],
    ['throttling', msal('temporarily_unavailable', wrapped('90055')), ...both('sign-in-unavailable')],
    ['a request loop', msal('invalid_grant', wrapped('50196')), ...both('sign-in-unavailable')],
    ['remembered throttling', msal(''), ...both('sign-in-unavailable')],
    ['a broken server', msal('server_error'), ...both('sign-in-unavailable')],
    ['no network', msal('network_error'), ...both('sign-in-unavailable')],
    ['no discovery document', msal('endpoints_resolution_error'), ...both('sign-in-unavailable')],
    ['another nonce', msal('nonce_mismatch'), ...both('sign-in-failed')],
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
