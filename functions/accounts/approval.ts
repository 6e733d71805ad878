import { aadstsOf } from './microsoft-errors.ts';
import { toDeclinedError } from './to-declined-error.ts';

/** The state of an administrator's approval. It is no secret: nothing of ours changes when the browser comes back with it. */
export const approvalState = 'approval';

/**
 * Ends an administrator's approval, which Microsoft itself keeps. Anybody can call this with any text, so none of it is
 * shown but the error's name and number.
 * @throws GatewayError `consent-declined`, `sign-in-failed`, ... when the administrator did not approve
 */
export function endApproval(error: string | undefined, description: string | undefined): void {
  if (error === undefined) return;
  const aadsts = aadstsOf(description ?? '');
  throw toDeclinedError(
    /^[a-z_]{1,60}$/.test(error) ? error : 'an error',
    aadsts === undefined ? '' : `AADSTS${aadsts}`,
  );
}
