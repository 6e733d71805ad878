import type { Caller } from '../access/caller.ts';
import { matchesFilter } from '../servers/from-filter.ts';
import { asciiDomain } from '../servers/mail-domain.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Route } from './route-message.ts';

/**
 * The route with the return path that a caller wants instead of the server's own. Whoever may not send as an address may
 * not have mail returned to it either.
 * @throws GatewayError `forbidden`, `from-not-allowed`
 */
export function withReturnPath(route: Route, wanted: string | undefined, caller: Caller): Route {
  if (wanted === undefined) return route;
  const errors = [{ pointer: '?envelopeFrom', detail: 'is not an address that may be sent as' }];
  if (caller.from !== undefined && matchesFilter(caller.from, wanted) === undefined) {
    const detail = `This API key may not send as ${wanted}; it may send as ${caller.from.join(', ')}.`;
    throw new GatewayError('forbidden', detail, { data: { errors } });
  }
  const { server, rule } = route.choice;
  if (rule !== 'forced' && matchesFilter(server.fromFilter, wanted) === undefined) {
    const allowed = server.fromFilter.join(', ');
    const detail = `The outgoing server "${server.name}" may not send as ${wanted}; it may send as ${allowed}.`;
    throw new GatewayError('from-not-allowed', detail, { data: { errors } });
  }
  const at = wanted.lastIndexOf('@') + 1;
  return { ...route, envelopeFrom: wanted.slice(0, at) + asciiDomain(wanted.slice(at)) };
}
