import { domainOf, isAddress, normalise } from '../shared/address.ts';
import { comparableDomain } from './mail-domain.ts';

/** An address as patterns look at it: made once, compared often. */
export interface ComparableAddress {
  readonly local: string;
  readonly domain: string;
}

export function toComparable(address: string): ComparableAddress {
  return {
    local: normalise(address.slice(0, Math.max(address.lastIndexOf('@'), 0))),
    domain: comparableDomain(domainOf(address)),
  };
}

/**
 * Reads a pattern: an address, whose local part may have a `*` for any letters (`support+*@contoso.com`), a domain, or
 * `*.` and a domain for everything below it. Case does not count. Comparing takes time in proportion to the address.
 */
export function readAddressPattern(pattern: string): (address: ComparableAddress) => boolean {
  const at = pattern.lastIndexOf('@');
  const allows = readDomainPattern(pattern.slice(at + 1));
  if (at < 0) return ({ domain }) => allows(domain);
  const fits = readWildcard(normalise(pattern.slice(0, at)));
  return ({ local, domain }) => allows(domain) && fits(local);
}

/** True for what `readAddressPattern` can read. */
export function isAddressPattern(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = at < 0 ? 'a' : text.slice(0, at).replaceAll('*', 'a');
  return isAddress(`${local}@${text.slice(at + 1).replace(/^\*\./, '')}`);
}

function readDomainPattern(pattern: string): (domain: string) => boolean {
  if (!pattern.startsWith('*.')) {
    const wanted = comparableDomain(pattern);
    return (domain) => domain === wanted;
  }
  const parent = `.${comparableDomain(pattern.slice(2))}`;
  return (domain) => domain.endsWith(parent);
}

/** Each piece between two `*` is looked for once, from where the one before it ended. */
function readWildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}
