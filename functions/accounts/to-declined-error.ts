import { GatewayError, type Upstream } from '../shared/errors.ts';
import { aadstsOf, microsoftErrors, reasonOf, tracesOf } from './microsoft-errors.ts';
import { startAgain, toSignInRefusal } from './to-sign-in-refusal.ts';

/**
 * What Microsoft's redirect says instead of a code (RFC 6749 4.1.2.1 `error`, `error_description`), as our error. The
 * description is shown to the person, bounded; only the numbers in it are acted upon.
 */
export function toDeclinedError(error: string, description: string): GatewayError {
  const aadsts = aadstsOf(description);
  // What follows are ids and a time.
  const text = description.replace(/\s*Trace ID: .*$/s, '');
  const upstream: Upstream = {
    protocol: 'oauth',
    code: error.slice(0, 100),
    ...(aadsts !== undefined && { aadsts }),
    ...tracesOf(description),
    ...(text !== '' && { text: text.slice(0, 500) }),
  };
  if (aadsts === '65004' || (aadsts === undefined && error === 'access_denied')) {
    return new GatewayError('consent-declined', 'The sign-in was cancelled or the permissions were declined.', {
      data: { upstream, remedy: `Choose Accept next time. ${startAgain}` },
    });
  }
  // 65001: nobody has consented, and this person was not asked because he may not.
  const asks = aadsts === '65001' ? 'an approval' : aadsts === undefined ? undefined : microsoftErrors[aadsts]?.asks;
  if (asks !== undefined && aadsts !== undefined) return toSignInRefusal(asks, aadsts, { upstream });
  if (error === 'temporarily_unavailable' || error === 'server_error') {
    return toSignInRefusal('to wait', aadsts, { upstream });
  }
  return new GatewayError('sign-in-failed', `Microsoft ended the sign-in with ${upstream.code}${reasonOf(aadsts)}.`, {
    data: {
      upstream,
      remedy: 'Start again. If it stays so, show this page to whoever runs Postern: the number says what to change.',
    },
  });
}
