import { EntraRefusal } from './entra-error.ts';
import { isCurrent, readClaims } from './jwt.ts';
import { applicationOf, type Application, type Tenant } from './tenant.ts';

/**
 * The application that sends a token request, by its secret or its assertion. Of an assertion only form, audience and
 * expiry are checked: there is nobody here who could vouch for its signature.
 *
 * @throws EntraRefusal 700016 unknown, 7000215 wrong secret, 7000218 neither, 700027 bad assertion
 */
export function authenticateApplication(tenant: Tenant, form: URLSearchParams): Application {
  const application = applicationOf(tenant, form.get('client_id'));
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const claims = readClaims(assertion);
    if (!claims || typeof claims['aud'] !== 'string' || !isCurrent(claims)) throw new EntraRefusal(700027);
    return application;
  }
  const secret = form.get('client_secret');
  if (secret === null) throw new EntraRefusal(7000218);
  if (!application.clientSecrets.includes(secret)) {
    throw new EntraRefusal(7000215, `The application is '${application.clientId}'.`);
  }
  return application;
}
