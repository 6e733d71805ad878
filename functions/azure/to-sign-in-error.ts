import { GatewayError } from '../shared/errors.ts';

// Microsoft's numbers for "the application's own credential is wrong", whoever's token was asked for.
const credentialNumbers = new Set(['7000215', '7000222', '7000218', '700025', '700027', '700016', '7000112']);
// ... and for "ask again later".
const laterNumbers = new Set(['90033', '90006', '90024', '50033', '50087', '90090', '90055', '50196']);

/** What of a foreign error is looked at. MSAL's classes differ for the same answer, so its fields decide, not its class. */
interface Fields {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly status: number;
}

function fieldsOf(thrown: unknown): Fields {
  const record = typeof thrown === 'object' && thrown !== null ? (thrown as Record<string, unknown>) : {};
  return {
    errorCode: typeof record['errorCode'] === 'string' ? record['errorCode'] : '',
    errorMessage: typeof record['errorMessage'] === 'string' ? record['errorMessage'] : '',
    status: typeof record['status'] === 'number' ? record['status'] : 0,
  };
}

/**
 * What MSAL throws, as ours. `doing` says what it was asked for: the same `invalid_grant` means a bad code while a
 * person signs in, and a grant that has died when a token is refreshed.
 */
export function toSignInError(thrown: unknown, doing: 'redeem' | 'refresh'): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const { errorCode, errorMessage, status } = fieldsOf(thrown);
  const aadsts = /AADSTS(\d+)/.exec(errorMessage)?.[1];
  const options = {
    cause: thrown,
    data: {
      upstream: {
        protocol: 'oauth' as const,
        ...(errorCode !== '' && { code: errorCode }),
        ...(aadsts !== undefined && { aadsts }),
      },
    },
  };
  if (errorCode === 'invalid_client' || (aadsts !== undefined && credentialNumbers.has(aadsts))) {
    return new GatewayError('app-credential-refused', "Microsoft refuses the app registration's own credential.", {
      ...options,
      data: {
        ...options.data,
        remedy:
          'Make a new client secret (Entra admin centre, App registrations, Certificates & secrets), copy its Value, not its ID, and set it with PUT /v1/app.',
      },
    });
  }
  const unreachable = !(
    errorCode !== '' &&
    errorCode !== 'network_error' &&
    errorCode !== 'endpoints_resolution_error'
  );
  if (
    unreachable ||
    errorCode === 'temporarily_unavailable' ||
    status >= 500 ||
    status === 429 ||
    (aadsts !== undefined && laterNumbers.has(aadsts))
  ) {
    return new GatewayError('sign-in-unavailable', 'Microsoft sign-in did not answer as it should.', {
      ...options,
      data: { ...options.data, retryAfter: 30 },
    });
  }
  if (doing === 'refresh') {
    return new GatewayError('reauth-required', 'Microsoft no longer accepts the consent of this account.', {
      ...options,
      data: { ...options.data, remedy: 'Connect the account again: POST /v1/accounts/{id}/connect.' },
    });
  }
  return new GatewayError(
    'sign-in-failed',
    `Microsoft did not accept the sign-in${aadsts === undefined ? '' : ` (AADSTS${aadsts})`}.`,
    {
      ...options,
      data: { ...options.data, remedy: 'Start again with "Connect your Outlook account".' },
    },
  );
}
