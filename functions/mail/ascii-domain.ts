import { domainToASCII } from 'node:url';

/** An international domain needs no SMTPUTF8 in its ASCII form (RFC 5891); a local part beyond ASCII has no such form. */
export function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1));
  return domain === '' ? address : address.slice(0, at + 1) + domain;
}
