import { GatewayError } from '../shared/errors.ts';

// Microsoft's numbers for "an administrator has to approve": no consent possible, blocked by policy, risky app.
const adminNeeded = new Set(['90094', '90095', '90093', '65001']);

/**
 * What Microsoft's redirect says instead of a code (OpenID Connect `error`, `error_description`), as our error. The
 * description is shown to the person, bounded; only the number in it is acted upon.
 */
export function toDeclinedError(error: string, description: string): GatewayError {
  const aadsts = /AADSTS(\d+)/.exec(description)?.[1];
  const upstream = {
    protocol: 'oauth' as const,
    code: error.slice(0, 100),
    ...(aadsts !== undefined && { aadsts }),
    text: description.slice(0, 500),
  };
  if (aadsts !== undefined && adminNeeded.has(aadsts)) {
    return new GatewayError(
      'admin-consent-needed',
      'Your organisation lets only administrators approve this application.',
      {
        data: { upstream, remedy: 'Ask an administrator of your organisation to approve Postern, then connect again.' },
      },
    );
  }
  if (error === 'access_denied' || error === 'consent_required') {
    return new GatewayError('consent-declined', 'The sign-in was cancelled or the permissions were declined.', {
      data: { upstream, remedy: 'Connect again and choose Accept.' },
    });
  }
  return new GatewayError('sign-in-failed', `Microsoft reported ${error.slice(0, 100)}.`, {
    data: { upstream, remedy: 'The text below is Microsoft’s own; its AADSTS number names the setting to change.' },
  });
}
