import { app } from '@azure/functions';
import { answerHeaders, problemResponse } from '../http/handle.ts';
import { allowedAt } from '../http/routes.ts';
import { GatewayError } from '../shared/errors.ts';
import { allEndpoints } from './system.ts';

/**
 * What no other function matches: without this the host itself answers, without a problem and with 404 for a wrong method.
 * The host tries functions in the order of their names, so this one's must come last.
 */
app.http('unmatched', {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  route: '{*path}',
  authLevel: 'anonymous',
  handler: (request, context) => {
    const path = new URL(request.url).pathname;
    if (path === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
      return { status: 302, headers: { ...answerHeaders(request, context), location: '/console' } };
    }
    const methods = allowedAt(path, allEndpoints);
    if (methods.length === 0) {
      const error = new GatewayError('not-found', `There is nothing at ${path.slice(0, 200)}.`, {
        data: { remedy: 'GET /docs lists all calls.' },
      });
      return problemResponse(error, request, context);
    }
    const allow = methods.join(', ');
    if (request.method === 'OPTIONS') return { status: 204, headers: { ...answerHeaders(request, context), allow } };
    const error = new GatewayError(
      'method-not-allowed',
      `${path.slice(0, 200)} takes ${allow}, not ${request.method}.`,
    );
    return problemResponse(error, request, context, { allow });
  },
});
