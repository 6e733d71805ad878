import { demandAssertion } from './demand-assertion.ts';
import { EntraRefusal } from './entra-error.ts';
import { applicationOf, type Application, type Tenant } from './tenant.ts';

/**
 * The application that sends a token request, by its secret or its assertion.
 *
 * @throws EntraRefusal 700016 unknown, 7000215 wrong secret, 7000222 expired secret, 7000218 nothing, and what
 *   `demandAssertion` throws
 */
export function authenticateApplication(tenant: Tenant, form: URLSearchParams): Application {
  const application = applicationOf(tenant, form.get('client_id'));
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    demandAssertion(tenant, application, assertion);
    return application;
  }
  const secret = form.get('client_secret');
  if (secret === null) throw new EntraRefusal(7000218);
  const ofApplication = `The application is '${application.clientId}'.`;
  if (application.expiredSecrets?.includes(secret)) throw new EntraRefusal(7000222, ofApplication);
  if (!application.clientSecrets.includes(secret)) throw new EntraRefusal(7000215, ofApplication);
  if (tenant.circumstances.hold('secret expired')) throw new EntraRefusal(7000222, ofApplication);
  return application;
}
