import type { Endpoint } from './endpoint.ts';

/** The methods a path takes, by the endpoints' routes; none when it is no path of ours. */
export function methodsOf(path: string, endpoints: readonly Pick<Endpoint, 'method' | 'route'>[]): string[] {
  const given = path
    .replace(/^\/|\/$/g, '')
    .toLowerCase()
    .split('/');
  const matches = (route: string): boolean => {
    const parts = route.toLowerCase().split('/');
    return parts.length === given.length && parts.every((part, index) => part.startsWith('{') || part === given[index]);
  };
  return [...new Set(endpoints.filter(({ route }) => matches(route)).map(({ method }) => method))];
}
