import * as z from 'zod';
import { callerOf, findApiKey } from '../access/api-key.ts';
import { demandScope, type Caller, type OpenSession } from '../access/caller.ts';
import { endSession, startSession } from '../access/session.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { demandSameOrigin } from '../http/same-origin.ts';
import { sessionSchema, toSessionView } from '../http/schemas/session-schema.ts';
import { noSessionCookie, sessionCookie } from '../http/session-cookie.ts';
import { clientAddressOf, createSignInLimit } from '../http/sign-in-limit.ts';
import { GatewayError } from '../shared/errors.ts';

const topic = 'Console';
const limit = createSignInLimit();

export const consoleSessionEndpoints = [
  endpoint({
    name: 'beginSession',
    method: 'POST',
    route: 'console/session',
    access: 'public',
    topic,
    summary: 'Sign in to the console with an admin API key: sets a cookie that stands in for it',
    body: z.strictObject({ key: z.string().max(200).describe('An API key with the scope admin.') }),
    bodyLimit: 4_096,
    status: 201,
    answer: sessionSchema,
    async run(call, { body, header }, services) {
      const { apiKeys, publicUrl } = services();
      demandSameOrigin(header, publicUrl);
      const address = clientAddressOf(header('x-forwarded-for'));
      limit.demand(address, call.now());
      const apiKey = await findApiKey(body.key, apiKeys, call.now());
      if (apiKey === undefined) {
        limit.failed(address, call.now());
        throw new GatewayError('unauthenticated', 'The API key is unknown, wrong or expired.');
      }
      demandScope(callerOf(apiKey), 'admin');
      const session = await startSession(call, { apiKeyId: apiKey.id }, services());
      return { cookies: [sessionCookie(session)], body: toSessionView(session) };
    },
  }),
  endpoint({
    name: 'getSession',
    method: 'GET',
    route: 'console/session',
    access: 'admin',
    topic,
    summary: 'Who is signed in to the console, until when, and the token that writes need',
    status: 200,
    answer: sessionSchema,
    run: ({ caller }) => Promise.resolve({ body: toSessionView(sessionOf(caller)) }),
  }),
  endpoint({
    name: 'endSession',
    method: 'DELETE',
    route: 'console/session',
    access: 'admin',
    topic,
    summary: 'Sign out of the console',
    status: 204,
    async run({ caller }, _input, services) {
      await endSession(sessionOf(caller), services());
      return { cookies: [noSessionCookie], body: undefined };
    },
  }),
];

function sessionOf({ session }: Caller): OpenSession {
  if (session !== undefined) return session;
  throw new GatewayError('not-found', 'This caller has no session: it calls with a key.');
}

register(consoleSessionEndpoints);
