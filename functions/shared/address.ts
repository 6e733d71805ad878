import { domainToASCII } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';

/** A mail address with the name shown beside it. */
export interface Mailbox {
  readonly name?: string;
  readonly address: string;
}

// RFC 5321 4.5.3.1: local part 64 octets, path 254 in all. Letters beyond ASCII are RFC 6531's.
const localPart = /^[^\s"(),:;<>@[\\\]]{1,64}$/u;
const domainPart = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

// Looked at before it is turned into ASCII, for that treats the text as a URL's host: `evil.org/.example.com` would pass.
const domainLetters = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** True for one plain address such as `user@example.com`; quoted local parts and address literals are not taken. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > 254 || hasControl(text)) return false;
  const local = text.slice(0, at);
  if (!localPart.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return false;
  const domain = text.slice(at + 1);
  return domainLetters.test(domain) && domainPart.test(domainToASCII(domain));
}

/** Reads `"Name <a@b>"` or `a@b`; undefined unless it is exactly one address. */
export function parseMailbox(text: string): Mailbox | undefined {
  if (hasControl(text)) return undefined;
  const parsed = addressparser(text, { flatten: true });
  const [only] = parsed;
  if (parsed.length !== 1 || only === undefined || !isAddress(only.address)) return undefined;
  return only.name === '' ? { address: only.address } : { name: only.name, address: only.address };
}

/** True when a text holds CR, LF, NUL or another control character: none of them may enter a header. */
export function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

/** The form two addresses are compared in: lower case throughout, as every mail server in use does it. */
export function normalise(address: string): string {
  return address.trim().toLowerCase();
}

/** The domain of an address, in lower case. */
export function domainOf(address: string): string {
  return normalise(address.slice(address.lastIndexOf('@') + 1));
}

/** `"Name" <a@b>`, the name quoted where it needs to be; for people and for comparing, not for writing MIME. */
export function formatMailbox({ name, address }: Mailbox): string {
  if (name === undefined || name === '') return address;
  const shown = /^[\p{L}\p{N} ._-]+$/u.test(name) ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return `${shown} <${address}>`;
}
