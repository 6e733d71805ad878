import type { ApiAnswer } from '../../dev/api-client.ts';

/** A browser as far as the console's session goes: it keeps the cookie, and sends what browsers say of themselves. */
export interface BrowserSession {
  /** The cookie as it was set, with its attributes; undefined before. */
  setCookie(): string | undefined;
  ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer<T>>;
}

export function createBrowserSession(url: string): BrowserSession {
  let set: string | undefined;

  return {
    setCookie: () => set,
    async ask<T>(
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<ApiAnswer<T>> {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(set !== undefined && { cookie: set.split(';')[0] ?? '' }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
      set = response.headers.getSetCookie().at(-1) ?? set;
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
    },
  };
}
