import createClient, { type Middleware } from 'openapi-fetch';
import { ConnectionError, ProblemError, readProblem } from './problem.ts';
import type { paths } from './schema.d.ts';

/** What a write of the console is told apart by from one that another site made the browser send. */
const csrfHeader = 'x-postern-csrf';
let csrfToken: string | undefined;

/** Takes the token that the session came with; writes carry it from now on. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken !== undefined) request.headers.set(csrfHeader, csrfToken);
  },
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw new ProblemError(await readProblem(response));
  },
  onError({ error }) {
    // Whoever gave up on it wants no word of it.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    return error instanceof Error && error.name.endsWith('Error') && error.name !== 'TypeError'
      ? error
      : new ConnectionError('Nobody answered.', { cause: error });
  },
};

/** The API. Calls answer what was asked for or throw ProblemError or ConnectionError. */
export const api = createClient<paths>({ credentials: 'same-origin' });
api.use(middleware);

/** The header of a change that is bound to what was read: `precondition-failed` when it has been changed since. */
export function ifMatch(etag: string | undefined): { 'If-Match'?: string } {
  return etag === undefined ? {} : { 'If-Match': etag };
}

/** What a call of the API answers. @throws ProblemError, ConnectionError */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  // Whatever was not an answer was thrown by the middleware; one without content is undefined.
  return (await call).data as T;
}
