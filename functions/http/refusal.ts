import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Answer } from './endpoint.ts';
import { pageHeaders } from './pages.ts';
import { statusOf } from './problems.ts';
import { refusedPage } from './sign-in-pages.ts';

/** The answer that tells a person in a browser about an error; the log has its cause. */
export function refusal(call: Call, thrown: unknown, badge?: string): Answer<string> {
  const error = toGatewayError(thrown);
  call.log.warn('A sign-in did not end well.', {
    code: error.code,
    upstream: error.data.upstream?.aadsts,
    cause: error.cause,
  });
  return { status: statusOf[error.code], headers: pageHeaders, body: refusedPage(error, badge) };
}
