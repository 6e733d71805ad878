import type { Cookie } from '@azure/functions';
import type { OpenSession } from '../access/caller.ts';

// `__Host-`: no other host of the domain can set it (RFC 6265bis 4.1.3.2). Browsers take it from http://localhost too.
const name = '__Host-postern';
const common = { name, path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;

/** The cookie of a session. It ends with the browser, or when the session does, which is kept here. */
export function sessionCookie({ word }: OpenSession): Cookie {
  return { ...common, value: word.reveal() };
}

/** What takes that cookie away. */
export const noSessionCookie: Cookie = { ...common, value: '', maxAge: 0 };

/** The word in the cookie of a request; undefined when it brings none that could be ours. */
export function sessionWordOf(cookies: string | undefined): string | undefined {
  return new RegExp(`(?:^|;) *${name}=([\\w-]{43})(?:;|$)`).exec(cookies ?? '')?.[1];
}
