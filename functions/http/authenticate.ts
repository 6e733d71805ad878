import { callerOf, findApiKey, type ApiKey } from '../access/api-key.ts';
import type { Caller } from '../access/caller.ts';
import { callerOfToken, type EntraPorts } from '../access/entra-caller.ts';
import { isCsrfTokenOf, openSession, type Session } from '../access/session.ts';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { demandSameOrigin } from './same-origin.ts';
import { sessionWordOf } from './session-cookie.ts';

interface Ports extends EntraPorts {
  readonly apiKeys: Pick<Collection<ApiKey>, 'get'>;
  readonly sessions: Collection<Session>;
  readonly publicUrl: string;
}

/** What of a request tells who asks. */
export interface Asking {
  readonly method: string;
  readonly header: (name: string) => string | undefined;
}

/**
 * Finds the caller behind a request: by `Authorization: Bearer`, with an API key (`pst_...`) or an access token of Entra, or by
 * the cookie of a session of the console.
 * The answer is the same whether a key is malformed, unknown, expired or wrong.
 * @throws GatewayError `unauthenticated`; `role-missing`, `sign-in-unavailable` of a token; `request-forged` when another site made the browser send it
 */
export async function authenticate(call: Pick<Call, 'now' | 'log'>, asking: Asking, ports: Ports): Promise<Caller> {
  const authorization = asking.header('authorization');
  const word = sessionWordOf(asking.header('cookie'));
  if (authorization === undefined && word !== undefined) return callerOfSession(call, word, asking, ports);
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) throw unauthenticated('The call has no API key.', sendKey);
  if (looksLikeToken(key)) {
    const caller = await callerOfToken(key, ports);
    if (caller === undefined) throw unauthenticated('The access token is not valid here.', sendToken);
    return caller;
  }
  const row = await findApiKey(key, ports.apiKeys, call.now());
  if (row === undefined) throw unauthenticated('The API key is unknown, wrong or expired.', sendKey);
  return callerOf(row);
}

async function callerOfSession(
  call: Pick<Call, 'now' | 'log'>,
  word: string,
  { method, header }: Asking,
  ports: Ports,
): Promise<Caller> {
  demandSameOrigin(header, ports.publicUrl);
  const caller = await openSession(call, word, ports);
  if (caller === undefined) throw unauthenticated('The session has ended.', 'Sign in at /console.');
  const isWrite = method !== 'GET' && method !== 'HEAD';
  if (isWrite && !isCsrfTokenOf(caller.session, header('x-postern-csrf') ?? '')) {
    throw new GatewayError('request-forged', 'The write has no x-postern-csrf, or not the one of this session.', {
      data: { remedy: 'Send the csrfToken of GET /console/session as x-postern-csrf; programs call with an API key.' },
    });
  }
  return caller;
}

const sendToken =
  'Send a token of your tenant for the application of Postern (client credentials, scope <client id>/.default), or an API key.';
const sendKey = 'Send the header Authorization: Bearer pst_..., with a key made by POST /v1/api-keys.';

function unauthenticated(detail: string, remedy: string): GatewayError {
  return new GatewayError('unauthenticated', detail, { data: { remedy } });
}

/** JWS Compact Serialization (RFC 7515 3.1). No API key has a dot. */
function looksLikeToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}
