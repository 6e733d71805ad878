import type { AccountInfo } from '@azure/msal-node';
import type { Identity } from '../accounts/account.ts';
import type { AppRegistration } from '../accounts/app-registration.ts';

/** Where everybody with a personal Microsoft account is. */
const personalAccounts = '9188040d-6c67-4c5b-b112-36a304b66dad';
const anyTenant = ['common', 'organizations', 'consumers'];

/**
 * Who signed in, from what MSAL read in the id_token. Any organisation's administrator can write any address into
 * `email`; it counts where Microsoft says the domain is the organisation's (`xms_edov`), where it knows the address
 * itself (personal accounts), and where nobody else's organisation can sign in.
 * https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization
 */
export function toIdentity(
  { localAccountId, tenantId, username, idTokenClaims = {} }: AccountInfo,
  { tenant }: Pick<AppRegistration, 'tenant'>,
): Identity {
  const { email, xms_edov: domainVerified } = idTokenClaims;
  const vouchedFor =
    !anyTenant.includes(tenant) ||
    tenantId === personalAccounts ||
    ['true', '1'].includes(String(domainVerified).toLowerCase());
  return {
    objectId: localAccountId,
    tenantId,
    address: username,
    ...(typeof email === 'string' && vouchedFor && { email }),
  };
}
