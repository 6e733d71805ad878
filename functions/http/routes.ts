import type { HttpMethod } from '@azure/functions';
import type { Endpoint } from './endpoint.ts';

/**
 * The values that stand in a path where its route has parameters; undefined when the path is not of this route. Read
 * from the path because the host mixes the query, and in Azure the body's fields too, into the parameters it gives us.
 */
export function paramsOf(route: string, path: string): Record<string, string> | undefined {
  const names = route.split('/');
  const parts = path.replace(/^\/|\/$/g, '').split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith('{')) params[name.slice(1, -1)] = decode(part);
    else if (name.toLowerCase() !== part.toLowerCase()) return undefined;
  }
  return params;
}

/** The methods an endpoint takes. What can be read answers HEAD too (RFC 9110 9.3.2); the server leaves the body out. */
export function methodsOf({ method, safe }: Pick<Endpoint, 'method' | 'safe'>): HttpMethod[] {
  return method === 'GET' && safe !== false ? ['GET', 'HEAD'] : [method];
}

/** The methods a path takes, by the endpoints' routes; none when it is no path of ours. */
export function allowedAt(
  path: string,
  endpoints: readonly Pick<Endpoint, 'method' | 'route' | 'safe'>[],
): HttpMethod[] {
  const own = endpoints.filter(({ route }) => paramsOf(route, path) !== undefined).flatMap(methodsOf);
  return own.length === 0 ? [] : [...new Set(own), 'OPTIONS'];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not percent-encoded as it should be: no id looks so, and none will be found.
    return part;
  }
}
