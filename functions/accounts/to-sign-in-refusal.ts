import { GatewayError, type ErrorCode, type Upstream } from '../shared/errors.ts';
import { microsoftErrors, reasonOf, type MicrosoftError } from './microsoft-errors.ts';

/** What to do for somebody whose sign-in has to be started anew. */
export const startAgain = 'Open the link you were given once more, or ask whoever runs Postern for a new one.';

/**
 * What a sign-in came to that Microsoft refused with a number we know, while a person is there. `remedy` is what fits
 * better than the usual one where the number itself has none.
 */
export function toSignInRefusal(
  asks: MicrosoftError['asks'],
  aadsts: string | undefined,
  { upstream, cause, remedy }: { upstream: Upstream; cause?: unknown; remedy?: string | undefined },
): GatewayError {
  const { code, detail, retryAfter, ...usual } = refusals[asks];
  return new GatewayError(code, `${detail}${reasonOf(aadsts)}.`, {
    cause,
    data: {
      upstream,
      remedy: (aadsts === undefined ? undefined : microsoftErrors[aadsts]?.remedy) ?? remedy ?? usual.remedy,
      ...(retryAfter !== undefined && { retryAfter }),
    },
  });
}

interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly remedy: string;
  readonly retryAfter?: number;
}

const refusals: Readonly<Record<MicrosoftError['asks'], Refusal>> = {
  'sign in again': { code: 'sign-in-failed', detail: 'Microsoft ended the sign-in', remedy: startAgain },
  'an approval': {
    code: 'admin-consent-needed',
    detail: 'Your organisation has not approved this application',
    remedy: 'Ask an administrator of your organisation to approve Postern, and then connect again.',
  },
  'an administrator': {
    code: 'sign-in-blocked',
    detail: 'Your organisation does not let this sign-in pass',
    remedy: 'An administrator of your organisation can change that; then connect again.',
  },
  'another registration': {
    code: 'app-credential-refused',
    detail: 'Microsoft does not accept the app registration',
    remedy: 'Mend the app registration in the Entra admin centre, or set the right one with PUT /v1/app.',
  },
  'another credential': {
    code: 'app-credential-refused',
    detail: 'Microsoft refuses the app registration’s own credential',
    remedy: 'Compare the credential that GET /v1/app shows with the Entra admin centre, Certificates & secrets.',
  },
  'to wait': {
    code: 'sign-in-unavailable',
    detail: 'Microsoft sign-in is not available',
    remedy: 'Wait a minute, then try again.',
    retryAfter: 60,
  },
};
