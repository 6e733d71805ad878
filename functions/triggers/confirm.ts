import * as z from 'zod';
import { confirmConsent } from '../accounts/confirm-consent.ts';
import { endpoint } from '../http/endpoint.ts';
import { statusOf } from '../http/problems.ts';
import { register } from '../http/register.ts';
import { connectedPage, pageHeaders, refusedPage } from '../http/pages.ts';
import { wakeServers } from '../servers/wake-servers.ts';
import { toGatewayError } from '../shared/errors.ts';

// Whatever else Microsoft adds (session_state, client_info, error_uri) is passed over. A value given twice is nobody's.
const one = z.string().max(10_000).optional().catch(undefined);

export const confirmEndpoints = [
  endpoint({
    name: 'confirmConsent',
    method: 'GET',
    route: 'microsoft_outlook/confirm',
    access: 'public',
    topic: 'Sign-in',
    summary: 'Where Microsoft sends the browser back to after a sign-in',
    query: z.object({ state: one, code: one, error: one, error_description: one }),
    status: 200,
    answer: { contentType: 'text/html; charset=utf-8' },
    async run(call, { query }, services) {
      try {
        const account = await confirmConsent(call, query, services());
        await wakeServers(account.id, services());
        return { headers: pageHeaders, body: connectedPage(account) };
      } catch (thrown) {
        const error = toGatewayError(thrown);
        call.log.warn('A sign-in did not end well.', {
          code: error.code,
          upstream: error.data.upstream?.aadsts,
          cause: error.cause,
        });
        return { status: statusOf[error.code], headers: pageHeaders, body: refusedPage(error) };
      }
    },
  }),
];

register(confirmEndpoints);
