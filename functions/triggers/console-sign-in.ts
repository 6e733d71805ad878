import * as z from 'zod';
import { startSession } from '../access/session.ts';
import { beginSignIn, canSignIn, endSignIn, signedInPath } from '../access/sign-in-person.ts';
import { consolePathOf } from '../http/console-path.ts';
import { endpoint } from '../http/endpoint.ts';
import { pageHeaders } from '../http/pages.ts';
import { refusal } from '../http/refusal.ts';
import { register } from '../http/register.ts';
import { signInOptionsSchema } from '../http/schemas/session-schema.ts';
import { noSignInCookie, sessionCookie, signInCookie, signInOf } from '../http/session-cookie.ts';
import { signedInPage } from '../http/sign-in-pages.ts';

const topic = 'Console';
const notSignedIn = 'Not signed in';
// Whatever else Microsoft adds is passed over. A value given twice is nobody's.
const word = z.string().max(10_000).optional().catch(undefined);
const html = { contentType: 'text/html; charset=utf-8' };

export const consoleSignInEndpoints = [
  endpoint({
    name: 'getSignInOptions',
    method: 'GET',
    route: 'console/session/options',
    access: 'public',
    topic,
    summary: 'How people can sign in to the console, besides with an API key',
    status: 200,
    answer: signInOptionsSchema,
    run: async (_call, _input, services) => ({ body: { microsoft: await canSignIn(services()) } }),
  }),
  endpoint({
    name: 'beginSignIn',
    method: 'GET',
    route: 'console/sign-in',
    access: 'public',
    topic,
    summary: 'Sign in to the console with Microsoft: a browser is led there',
    query: z.object({ returnTo: word }),
    status: 303,
    refusals: [409, 503],
    answer: html,
    async run(call, { query: { returnTo } }, services) {
      try {
        const { authorizeUrl, word } = await beginSignIn(services());
        const cookies = [signInCookie(word, consolePathOf(returnTo))];
        return { headers: { ...pageHeaders, location: authorizeUrl }, cookies, body: '' };
      } catch (thrown) {
        return refusal(call, thrown, notSignedIn);
      }
    },
  }),
  endpoint({
    name: 'endSignIn',
    method: 'GET',
    safe: false,
    route: signedInPath.slice(1),
    access: 'public',
    topic,
    summary: 'Where Microsoft sends the browser back to after a sign-in to the console',
    query: z.object({ state: word, code: word, error: word, error_description: word }),
    status: 200,
    refusals: [400, 403, 409, 503],
    answer: html,
    async run(call, { query, header }, services) {
      const { word, path } = signInOf(header('cookie'));
      try {
        const { person, clientId } = await endSignIn(word, query, services());
        const session = await startSession(call, { person, clientId }, services());
        call.log.info('Somebody signed in to the console.', { person: person.objectId });
        return {
          // The browser came from Microsoft and would leave the new cookie out of a redirect; from this page it goes along.
          headers: { ...pageHeaders, refresh: `0;url=${path}` },
          cookies: [sessionCookie(session), noSignInCookie],
          body: signedInPage(session.name, path),
        };
      } catch (thrown) {
        return { ...refusal(call, thrown, notSignedIn), cookies: [noSignInCookie] };
      }
    },
  }),
];

register(consoleSignInEndpoints);
