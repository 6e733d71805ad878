import { appRegistrationId, type AppRegistration } from '../accounts/app-registration.ts';
import { approvalLink } from '../accounts/approval.ts';
import { setApp } from '../accounts/set-app.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { ifMatch, shown } from '../http/resource.ts';
import { appBody, appSchema, approvalSchema, toAppView, type CredentialSeen } from '../http/schemas/app-schema.ts';
import type { Services } from '../services.ts';
import { toGatewayError } from '../shared/errors.ts';

export const appEndpoints = [
  endpoint({
    name: 'getApp',
    method: 'GET',
    route: 'v1/app',
    access: 'admin',
    topic: 'App registration',
    summary: 'The app registration, its credential, and the redirect URI to register with it',
    status: 200,
    answer: appSchema,
    async run(_call, _input, services) {
      const stored = await services().app.get(appRegistrationId);
      const body = await view(stored?.value, services());
      return stored === undefined ? { body } : shown(body, stored.etag);
    },
  }),
  endpoint({
    name: 'putApp',
    method: 'PUT',
    route: 'v1/app',
    access: 'admin',
    topic: 'App registration',
    summary: 'Set the app registration; its secret goes to the key vault',
    body: appBody,
    headers: ifMatch,
    status: 200,
    answer: appSchema,
    async run(call, { body, header }, services) {
      const stored = await setApp(body, header('if-match'), call.now(), services());
      return shown(await view(stored.value, services()), stored.etag);
    },
  }),
  endpoint({
    name: 'getAdminConsent',
    method: 'GET',
    route: 'v1/app/admin-consent',
    access: 'admin',
    topic: 'App registration',
    summary: 'The Microsoft page on which an administrator approves the application for everybody',
    status: 200,
    answer: approvalSchema,
    async run(_call, _input, services) {
      return { body: { adminConsentUrl: await approvalLink(services()) } };
    },
  }),
];

register(appEndpoints);

async function view(
  app: AppRegistration | undefined,
  { appDeployment, inspectCredential, publicUrl }: Services,
): Promise<ReturnType<typeof toAppView>> {
  // A credential that cannot be looked at must not keep people from reading how to mend it.
  const seen = await inspectCredential({ ...appDeployment, ...app }).catch((thrown: unknown): CredentialSeen => ({
    problem: toGatewayError(thrown).message,
  }));
  return toAppView(app, appDeployment, seen, publicUrl);
}
