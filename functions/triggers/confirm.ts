import * as z from 'zod';
import { tellAccountEvents } from '../accounts/account-events.ts';
import { endApproval, isApproval } from '../accounts/approval.ts';
import { confirmConsent, type ConfirmQuery } from '../accounts/confirm-consent.ts';
import { useUpConnectLink } from '../accounts/connect-link.ts';
import { connectedPath, readReceipt, writeReceipt } from '../accounts/receipt.ts';
import { examineAccount } from '../health/examine-account.ts';
import { endpoint, type Answer } from '../http/endpoint.ts';
import { pageHeaders } from '../http/pages.ts';
import { refusal } from '../http/refusal.ts';
import { register } from '../http/register.ts';
import { approvedPage, connectedPage, receiptOverPage } from '../http/sign-in-pages.ts';
import { wakeServers } from '../servers/wake-servers.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';

const topic = 'Sign-in';
// Whatever else Microsoft adds (session_state, client_info, error_uri) is passed over. A value given twice is nobody's.
const one = z.string().max(10_000).optional().catch(undefined);
const html = { contentType: 'text/html; charset=utf-8' };

export const confirmEndpoints = [
  endpoint({
    name: 'confirmConsent',
    method: 'GET',
    safe: false,
    route: 'microsoft_outlook/confirm',
    access: 'public',
    topic,
    summary: 'Where Microsoft sends the browser back to after a sign-in',
    query: z.object({ state: one, code: one, error: one, error_description: one }),
    status: 200,
    refusals: [303, 400, 403, 404, 409, 503],
    answer: html,
    async run(call, { query }, services) {
      try {
        return await answerTo(call, query, services());
      } catch (thrown) {
        return refusal(call, thrown);
      }
    },
  }),
  endpoint({
    name: 'showConnected',
    method: 'GET',
    route: connectedPath.slice(1),
    access: 'public',
    topic,
    summary: 'What a sign-in came to, for 15 minutes',
    query: z.object({ receipt: one }),
    status: 200,
    refusals: [404, 503],
    answer: html,
    async run(call, { query }, services) {
      try {
        const confirmed = await readReceipt(call, query.receipt ?? '', services());
        if (confirmed === undefined) return { status: 404, headers: pageHeaders, body: receiptOverPage() };
        const { account } = confirmed;
        const report = await services().tests.get(account.id);
        // An older one was of the consent before.
        const isOfThis = report !== undefined && report.checkedAt >= (account.connectedAt ?? '');
        return { headers: pageHeaders, body: connectedPage(confirmed, isOfThis ? report : undefined) };
      } catch (thrown) {
        return refusal(call, thrown);
      }
    },
  }),
];

/** Once an account is connected the answer says so, whatever becomes of what follows from it. */
async function answerTo(call: Call, query: ConfirmQuery, services: Services): Promise<Answer<string>> {
  const { state } = query;
  if (isApproval(state)) {
    return { headers: pageHeaders, body: approvedPage(await endApproval(call, { ...query, state }, services)) };
  }
  const confirmed = await confirmConsent(call, query, services);
  const { account } = confirmed;
  const without = (what: string) => (cause: unknown) => {
    call.log.warn(`An account was connected without ${what}.`, { account: account.id, cause });
    return undefined;
  };
  const [path, report] = await Promise.all([
    writeReceipt(call, confirmed, services.receipts).catch(without('a receipt')),
    examineAccount(call, account, services).catch(without('an examination')),
    useUpConnectLink(call, account.id, services.connectLinks).catch(without('ending its link')),
    tellAccountEvents(call, account.id, services).catch(without('telling about it')),
    // They work again when their own wait is over.
    wakeServers(account.id, services).catch(without('waking its servers')),
  ]);
  if (path === undefined) return { headers: pageHeaders, body: connectedPage(confirmed, report) };
  return { status: 303, headers: { ...pageHeaders, location: services.publicUrl + path }, body: '' };
}

register(confirmEndpoints);
