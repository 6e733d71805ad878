import { GatewayError } from '../shared/errors.ts';
import { aadstsOf, microsoftErrors, reasonOf } from './microsoft-errors.ts';

/**
 * What Microsoft's redirect says instead of a code (RFC 6749 4.1.2.1 `error`, `error_description`), as our error. The
 * description is shown to the person, bounded; only the number in it is acted upon. `approvalUrl` is where an
 * administrator approves the application for everybody.
 */
export function toDeclinedError(error: string, description: string, approvalUrl?: string): GatewayError {
  const aadsts = aadstsOf(description);
  const asks = aadsts === undefined ? undefined : microsoftErrors[aadsts]?.asks;
  const upstream = {
    protocol: 'oauth' as const,
    code: error.slice(0, 100),
    ...(aadsts !== undefined && { aadsts }),
    ...(description !== '' && { text: description.slice(0, 500) }),
  };
  const reason = reasonOf(aadsts);

  if (needsApproval.has(aadsts ?? '')) {
    const where = approvalUrl === undefined ? '' : ` at ${approvalUrl}`;
    return new GatewayError(
      'admin-consent-needed',
      'Your organisation lets only administrators approve this application.',
      {
        data: {
          upstream,
          remedy: `Ask an administrator of your organisation to approve Postern${where} and then connect again.`,
        },
      },
    );
  }
  if (aadsts === '65004' || (aadsts === undefined && error === 'access_denied')) {
    return new GatewayError('consent-declined', 'The sign-in was cancelled or the permissions were declined.', {
      data: { upstream, remedy: 'Connect again and choose Accept.' },
    });
  }
  if (asks === 'to wait' || error === 'temporarily_unavailable' || error === 'server_error') {
    return new GatewayError('sign-in-unavailable', `Microsoft could not finish the sign-in${reason}.`, {
      data: { upstream, retryAfter: 60, remedy: 'Wait a minute, then connect again.' },
    });
  }
  const remedy =
    asks === undefined
      ? 'Microsoft’s own words say what to change; search for the AADSTS number in them.'
      : remedies[asks];
  return new GatewayError('sign-in-failed', `Microsoft ended the sign-in with ${upstream.code}${reason}.`, {
    data: { upstream, remedy },
  });
}

// 65001: nobody has consented, and this person was not asked because he may not.
const needsApproval = new Set(['65001', '90093', '90094', '90095', '90099']);

const remedies = {
  'sign in again': 'Connect again.',
  'an administrator': 'An administrator of your organisation can change that; then connect again.',
  'another registration': 'Mend the app registration in the Entra admin centre, or set the right one with PUT /v1/app.',
  'another credential': 'Set a working client secret with PUT /v1/app.',
} as const;
