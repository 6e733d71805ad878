import type { HttpCookie } from './rpc.ts';

/** A `Set-Cookie` value as the host writes it: value percent-encoded, path `/` when none is given. */
export function setCookieOf(cookie: HttpCookie): string {
  const expires = cookie.expires && new Date(cookie.expires.value.seconds * 1000).toUTCString();
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires && `expires=${expires}`,
    cookie.maxAge && `max-age=${cookie.maxAge.value}`,
    cookie.domain && `domain=${cookie.domain.value}`,
    `path=${cookie.path?.value ?? '/'}`,
    cookie.secure?.value && 'secure',
    sameSite(cookie.sameSite),
    cookie.httpOnly?.value && 'httponly',
  ]
    .filter((part) => typeof part === 'string')
    .join('; ');
}

/** `none` is the contract's word for "not set"; the value None of the standard is `explicitNone`. */
function sameSite(value: HttpCookie['sameSite']): string | undefined {
  if (value === undefined || value === 'none') return undefined;
  return `samesite=${value === 'explicitNone' ? 'none' : value}`;
}
