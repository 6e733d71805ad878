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

/** The methods a path takes, by the endpoints' routes; none when it is no path of ours. */
export function methodsOf(path: string, endpoints: readonly Pick<Endpoint, 'method' | 'route'>[]): string[] {
  const fitting = endpoints.filter(({ route }) => paramsOf(route, path) !== undefined);
  return [...new Set(fitting.map(({ method }) => method))];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not percent-encoded as it should be: no id looks so, and none will be found.
    return part;
  }
}
