import { domainToASCII } from 'node:url';
import { domainOf, normalise } from '../shared/address.ts';

/**
 * What is configured for one mail domain. `defaultFrom`, `bounce` and `catchall` are each a local part of this domain
 * or a full address, which may lie in another one.
 */
export interface MailDomain {
  readonly domain: string;
  /** Whom mail is from when its own From may not be used. */
  readonly defaultFrom: string;
  /** Where servers return what they could not deliver. */
  readonly bounce?: string | undefined;
  readonly catchall?: string | undefined;
}

/** The address mail is sent from when no outgoing server allows its own From. */
export function notificationsAddress(domain: MailDomain): string {
  return inDomain(domain, domain.defaultFrom);
}

/** The address that undeliverable mail is returned to; undefined when none is configured. */
export function bounceAddress(domain: MailDomain): string | undefined {
  return domain.bounce === undefined ? undefined : inDomain(domain, domain.bounce);
}

/** The address that takes replies no other address takes; undefined when none is configured. */
export function catchallAddress(domain: MailDomain): string | undefined {
  return domain.catchall === undefined ? undefined : inDomain(domain, domain.catchall);
}

/**
 * The mail domain whose notifications and bounce addresses count for a From: its own where that is configured, else the
 * one named as default, else the first. Undefined only when none is configured.
 */
export function domainInCharge(
  from: string | undefined,
  domains: readonly MailDomain[],
  defaultDomain?: string,
): MailDomain | undefined {
  const named = (name: string) => domains.find(({ domain }) => comparableDomain(domain) === comparableDomain(name));
  const own = from === undefined ? undefined : named(domainOf(from));
  return own ?? (defaultDomain === undefined ? undefined : named(defaultDomain)) ?? domains[0];
}

/** A domain as the envelope carries it (RFC 5890 A-labels); one written in ASCII, or that has no such form, stays as it is. */
export function asciiDomain(domain: string): string {
  return /^\p{ASCII}*$/u.test(domain) ? domain : domainToASCII(domain) || domain;
}

/** The form two domains are compared in: one for every case, and for a name written in its own letters or as `xn--`. */
export function comparableDomain(domain: string): string {
  return asciiDomain(normalise(domain));
}

function inDomain({ domain }: MailDomain, localPartOrAddress: string): string {
  return localPartOrAddress.includes('@') ? localPartOrAddress : `${localPartOrAddress}@${domain}`;
}
