import { appRegistrationId } from '../accounts/app-registration.ts';
import { setApp } from '../accounts/set-app.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { ifMatch, shown } from '../http/resource.ts';
import { appBody, appSchema, toAppView } from '../http/schemas/app-schema.ts';

export const appEndpoints = [
  endpoint({
    name: 'getApp',
    method: 'GET',
    route: 'v1/app',
    access: 'admin',
    topic: 'App registration',
    summary: 'The app registration, and the redirect URI to register with it',
    status: 200,
    answer: appSchema,
    async run(_call, _input, services) {
      const { app, publicUrl } = services();
      const stored = await app.get(appRegistrationId);
      const body = toAppView(stored?.value, publicUrl);
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
    async run(_call, { body, header }, services) {
      const { app, secrets, publicUrl } = services();
      const stored = await setApp(body, header('if-match'), { app, secrets });
      return shown(toAppView(stored.value, publicUrl), stored.etag);
    },
  }),
];

register(appEndpoints);
