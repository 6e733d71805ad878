/**
 * The path as the host's server (Kestrel) sees it: dot segments removed and everything decoded, save that `%2F` stays as it
 * is.
 */
export function decodedPath(url: string): string {
  return pathOf(url).replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
    run
      .split(/(%2f)/i)
      .map((part) => (/^%2f$/i.test(part) ? part : decodedOrAsIs(part)))
      .join(''),
  );
}

/**
 * Path and query as the host's forwarder (YARP) sends them on to a streaming app: the decoded path encoded anew, percent
 * signs too, which is how `%2F` becomes `%252F`. The query is passed on as it came.
 */
export function forwardedPath(url: string): string {
  const path = decodedPath(url).replaceAll(/[^\w\-.~!$&'()*+,;=:@/]/gu, encodeURIComponent);
  const query = url.indexOf('?');
  return query < 0 ? path : path + url.slice(query);
}

/** The query's parameters, repeated ones joined with commas as ASP.NET does. */
export function joinedQuery(url: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URL(url, 'http://host').searchParams) {
    query[name] = name in query ? `${query[name] ?? ''},${value}` : value;
  }
  return query;
}

function pathOf(url: string): string {
  return new URL(`http://host${url.startsWith('/') ? url : `/${url}`}`).pathname;
}

function decodedOrAsIs(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
