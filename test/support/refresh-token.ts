import type { ApiAnswer, ApiClient } from '../../dev/api-client.ts';
import type { Flow } from './flow.ts';
import { untilQuiet } from './receiving.ts';

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly remedy?: string;
  readonly upstream?: { readonly aadsts?: string };
}

/**
 * Has an instance confirm an incoming server with a new access token: the mail server refuses the one it holds, which is
 * how a withdrawn token looks.
 */
export async function refreshToken(flow: Flow, api: ApiClient, incomingServer: string): Promise<ApiAnswer<Problem>> {
  const { microsoft365 } = flow;
  // A draft is read by nobody else, who might be refused instead.
  await api.call('POST', `/v1/incoming-servers/${incomingServer}/reset`);
  await untilQuiet(flow, 'fetch');
  const fault = { at: 'authenticate', reply: 'NO AUTHENTICATE failed.' } as const;
  microsoft365.faults.imap.push(fault);
  const before = microsoft365.sessions.tokenRequests;
  const answer = await api.ask<Problem>('POST', `/v1/incoming-servers/${incomingServer}/confirm`);
  microsoft365.faults.imap.length = 0;
  if (microsoft365.sessions.tokenRequests === before) throw new Error('No token was asked for.');
  return answer;
}
