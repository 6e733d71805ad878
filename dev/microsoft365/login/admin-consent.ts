import { randomUUID } from 'node:crypto';
import { EntraRefusal, toEntraErrorBody } from './entra-error.ts';
import { adminConsentPage } from './pages.ts';
import { redirectTo, type Reply } from './reply.ts';
import { parseScopes, permissionsOf } from './scopes.ts';
import { applicationOf, redirectUriOf, type Application, type Tenant } from './tenant.ts';

interface Flow {
  application: Application;
  redirectUri: string;
  scope: string;
  state: string | undefined;
}

/** An administrator consents for everybody. Whoever opens the page is taken for the administrator. */
export interface AdminConsentPages {
  /** `GET /{tenant}/v2.0/adminconsent`. @throws EntraRefusal to be shown as a page */
  ask(tenantName: string, query: URLSearchParams): Reply;
  /** `POST /{tenant}/adminconsent` with `flow` and `answer` */
  answer(form: URLSearchParams): Reply;
}

export function createAdminConsentPages(tenant: Tenant): AdminConsentPages {
  const flows = new Map<string, Flow>();
  return {
    ask(tenantName, query) {
      const application = applicationOf(tenant, query.get('client_id'));
      const redirectUri = redirectUriOf(application, query.get('redirect_uri'));
      const scope = query.get('scope') ?? '.default';
      const permissions = permissionsOf(parseScopes(scope));
      const flow = randomUUID();
      flows.set(flow, { application, redirectUri, scope, state: query.get('state') ?? undefined });
      const name = application.name ?? application.clientId;
      return { kind: 'page', status: 200, html: adminConsentPage(tenantName, flow, name, permissions) };
    },

    answer(form) {
      const id = form.get('flow') ?? '';
      const flow = flows.get(id);
      if (!flow) throw new EntraRefusal(50089);
      flows.delete(id);
      const { application, redirectUri, scope, state } = flow;
      const isForApplication = scope.endsWith('.default');
      if (form.get('answer') !== 'accept') {
        const refusal = new EntraRefusal(65004);
        const { error_description } = toEntraErrorBody(refusal, tenant.origin);
        return redirectTo(redirectUri, { error: refusal.error, error_subcode: 'cancel', error_description, state });
      }
      tenant.grants.consentForAll(application.clientId);
      // `.default`: all that the registration lists.
      if (isForApplication)
        tenant.grants.grantToApplication(application.clientId, application.applicationPermissions ?? []);
      return redirectTo(redirectUri, { admin_consent: 'True', tenant: tenant.id, scope, state });
    },
  };
}
