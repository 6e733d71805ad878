import type { ApiAnswer, ApiClient } from '../../dev/api-client.ts';
import type { Flow } from './flow.ts';
import { untilQuiet } from './receiving.ts';

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly remedy?: string;
  readonly upstream?: { readonly aadsts?: string };
}

/** Has an instance test an incoming server, for which a new access token is asked for. */
export async function refreshToken(flow: Flow, api: ApiClient, incomingServer: string): Promise<ApiAnswer<Problem>> {
  const { microsoft365 } = flow;
  // A draft is read by nobody else, who might ask for one instead.
  await api.call('POST', `/v1/incoming-servers/${incomingServer}/reset`);
  await untilQuiet(flow, 'fetch');
  const before = microsoft365.sessions.tokenRequests;
  const answer = await api.ask<Problem>('POST', `/v1/incoming-servers/${incomingServer}/confirm`);
  if (microsoft365.sessions.tokenRequests === before) throw new Error('No token was asked for.');
  return answer;
}
