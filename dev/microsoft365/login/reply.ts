import type { ServerResponse } from 'node:http';

export interface Redirect {
  kind: 'redirect';
  location: string;
}

/** What a page or an endpoint answers. */
export type Reply =
  { kind: 'page'; status: number; html: string } | { kind: 'json'; status: number; body: unknown } | Redirect;

/** A redirect to the application with these parameters; those without a value are left out. */
export function redirectTo(redirectUri: string, parameters: Record<string, string | undefined>): Redirect {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) location.searchParams.set(name, value);
  }
  return { kind: 'redirect', location: location.href };
}

// The pages run no script and load nothing; a form may lead on to the application, wherever that is.
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action *; base-uri 'none'; frame-ancestors 'none'";

export function send(response: ServerResponse, reply: Reply): void {
  response.setHeader('cache-control', 'no-store');
  // The address holds the state and the code.
  response.setHeader('referrer-policy', 'no-referrer');
  switch (reply.kind) {
    case 'redirect':
      response.writeHead(302, { location: reply.location }).end();
      return;
    case 'json':
      response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(reply.body));
      return;
    case 'page':
      response.writeHead(reply.status, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      });
      response.end(reply.html);
  }
}
