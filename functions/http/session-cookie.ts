import type { Cookie } from '@azure/functions';
import type { OpenSession } from '../access/caller.ts';
import type { Secret } from '../shared/secret.ts';
import { consolePathOf } from './console-path.ts';

// `__Host-`: no other host of the domain can set them (RFC 6265bis 4.1.3.2). Browsers take them from http://localhost too.
const names = { session: '__Host-postern', signIn: '__Host-postern-sign-in' } as const;
const common = { path: '/', secure: true, httpOnly: true } as const;
const session = { ...common, name: names.session, sameSite: 'Strict' } as const;
// Microsoft's redirect has to bring it along: a navigation from another site, which Strict would leave it out of.
const signIn = { ...common, name: names.signIn, sameSite: 'Lax' } as const;

/** The cookie of a session. It ends with the browser, or when the session does, which is kept here. */
export function sessionCookie({ word }: OpenSession): Cookie {
  return { ...session, value: word.reveal() };
}

/** What takes that cookie away. */
export const noSessionCookie: Cookie = { ...session, value: '', maxAge: 0 };

/** The word in the cookie of a request; undefined when it brings none that could be ours. */
export function sessionWordOf(cookies: string | undefined): string | undefined {
  return /^[\w-]{43}$/.exec(valueOf(cookies, names.session))?.[0];
}

/** The cookie of a sign-in at Microsoft that is under way, for 15 minutes, and where in the console it is to lead. */
export function signInCookie(word: Secret, path: string): Cookie {
  return { ...signIn, value: word.reveal() + path, maxAge: 15 * 60 };
}

/** What takes that cookie away. */
export const noSignInCookie: Cookie = { ...signIn, value: '', maxAge: 0 };

/** What the cookie of a sign-in holds; nothing when the request brings none that could be ours. */
export function signInOf(cookies: string | undefined): { word?: string; path: string } {
  const [, word, path] = /^([\w-]{43})(.*)$/.exec(valueOf(cookies, names.signIn)) ?? [];
  return { ...(word !== undefined && { word }), path: consolePathOf(path) };
}

/** The value of a cookie in a request, empty where there is none. The host has percent-encoded it. */
function valueOf(cookies = '', name: string): string {
  const pair = cookies.split(';').find((each) => each.trim().startsWith(`${name}=`));
  try {
    return decodeURIComponent(pair?.trim().slice(name.length + 1) ?? '');
  } catch {
    return '';
  }
}
