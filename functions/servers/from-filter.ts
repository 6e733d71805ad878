import { domainOf, normalise } from '../shared/address.ts';
import { comparableDomain } from './mail-domain.ts';

/** How a filter allows an address: by naming it, by its domain, or because it is empty. */
export type FilterMatch = 'address' | 'domain' | 'everything';

/**
 * How a From filter allows an address (bare, without a display name); undefined when it does not.
 *
 * As Odoo does: an entry with an @ is one address, any other is one domain, exactly and without its subdomains, and a
 * filter without entries allows everything. Case does not count, spaces around an entry and blank entries neither.
 * Beyond Odoo: `*.example.com` allows every subdomain of example.com, at any depth, but not example.com.
 */
export function matchesFilter(filter: readonly string[], address: string): FilterMatch | undefined {
  const entries = filter.map((entry) => entry.trim()).filter((entry) => entry !== '');
  if (entries.length === 0) return 'everything';
  const wanted = comparableAddress(address);
  if (entries.some((entry) => entry.includes('@') && comparableAddress(entry) === wanted)) return 'address';
  const domain = comparableDomain(domainOf(address));
  return entries.some((entry) => !entry.includes('@') && allowsDomain(entry, domain)) ? 'domain' : undefined;
}

/** True when two addresses are the same mailbox, whatever the case and however their domain is written. */
export function sameAddress(one: string, other: string): boolean {
  return comparableAddress(one) === comparableAddress(other);
}

function allowsDomain(entry: string, domain: string): boolean {
  if (entry.startsWith('*.')) return domain.endsWith(`.${comparableDomain(entry.slice(2))}`);
  return comparableDomain(entry) === domain;
}

function comparableAddress(address: string): string {
  const local = address.slice(0, address.lastIndexOf('@'));
  return `${normalise(local)}@${comparableDomain(domainOf(address))}`;
}
