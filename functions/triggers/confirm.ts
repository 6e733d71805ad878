import * as z from 'zod';
import { approvalState, endApproval } from '../accounts/approval.ts';
import { confirmConsent, type ConfirmQuery } from '../accounts/confirm-consent.ts';
import { endpoint } from '../http/endpoint.ts';
import { approvedPage, connectedPage, pageHeaders, refusedPage } from '../http/pages.ts';
import { statusOf } from '../http/problems.ts';
import { register } from '../http/register.ts';
import { wakeServers } from '../servers/wake-servers.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';

// Whatever else Microsoft adds (session_state, client_info, error_uri) is passed over. A value given twice is nobody's.
const one = z.string().max(10_000).optional().catch(undefined);

export const confirmEndpoints = [
  endpoint({
    name: 'confirmConsent',
    method: 'GET',
    safe: false,
    route: 'microsoft_outlook/confirm',
    access: 'public',
    topic: 'Sign-in',
    summary: 'Where Microsoft sends the browser back to after a sign-in',
    query: z.object({ state: one, code: one, error: one, error_description: one }),
    status: 200,
    refusals: [400, 403, 404, 409, 503],
    answer: { contentType: 'text/html; charset=utf-8' },
    async run(call, { query }, services) {
      try {
        return { headers: pageHeaders, body: await pageAfter(call, query, services) };
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

async function pageAfter(call: Call, query: ConfirmQuery, services: () => Services): Promise<string> {
  if (query.state === approvalState) {
    endApproval(query.error, query.error_description);
    return approvedPage();
  }
  const account = await confirmConsent(call, query, services());
  try {
    await wakeServers(account.id, services());
  } catch (cause) {
    // The account is connected all the same; its servers work again when their own wait is over.
    call.log.warn('The servers of a connected account were not woken.', { account: account.id, cause });
  }
  return connectedPage(account);
}

register(confirmEndpoints);
