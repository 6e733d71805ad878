import * as z from 'zod';
import type { Account } from '../accounts/account.ts';
import { connectAccount } from '../accounts/connect-account.ts';
import { linkPath, openConnectLink } from '../accounts/connect-link.ts';
import { endpoint, type Answer } from '../http/endpoint.ts';
import { formPageHeaders, pageHeaders } from '../http/pages.ts';
import { refusal } from '../http/refusal.ts';
import { register } from '../http/register.ts';
import { invitationPage, linkUsedPage } from '../http/sign-in-pages.ts';

const route = linkPath.slice(1);
const topic = 'Sign-in';
const query = z.object({ token: z.string().max(200).optional().catch(undefined) });
const answer = { contentType: 'text/html; charset=utf-8' };

// Programs that look at links ask with GET and HEAD, people press the button: only that starts a sign-in.
export const connectEndpoints = [
  endpoint({
    name: 'openConnectLink',
    method: 'GET',
    route,
    access: 'public',
    topic,
    summary: 'The page of a connect link, for the owner of the mailbox',
    query,
    status: 200,
    refusals: [404, 410, 503],
    answer,
    async run(call, { query: { token } }, services) {
      try {
        const { account, expiresAt, usedAt } = await openConnectLink(call, token, services());
        if (usedAt !== undefined) return used(account, usedAt);
        return { headers: formPageHeaders, body: invitationPage(account, expiresAt) };
      } catch (thrown) {
        return refusal(call, thrown);
      }
    },
  }),
  endpoint({
    name: 'followConnectLink',
    method: 'POST',
    route,
    access: 'public',
    topic,
    summary: 'Start the sign-in of a connect link: on to Microsoft',
    query,
    status: 303,
    refusals: [404, 409, 410, 503],
    answer,
    async run(call, { query: { token } }, services) {
      try {
        const { account, usedAt } = await openConnectLink(call, token, services());
        if (usedAt !== undefined) return used(account, usedAt);
        const { authorizeUrl } = await connectAccount(call, account, services());
        return { headers: { ...pageHeaders, location: authorizeUrl }, body: '' };
      } catch (thrown) {
        return refusal(call, thrown);
      }
    },
  }),
];

function used(account: Account, usedAt: string): Answer<string> {
  return { status: 410, headers: pageHeaders, body: linkUsedPage(account, usedAt) };
}

register(connectEndpoints);
