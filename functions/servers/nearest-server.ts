import { domainOf } from '../shared/address.ts';
import { byPriority, type Candidate } from './choose-outgoing-server.ts';
import { comparableDomain } from './mail-domain.ts';

/**
 * The active server whose From filter comes nearest to an address that none allows: one of the same domain, else of a
 * domain above or below it, else the first. Personal servers are their owners' affair.
 */
export function nearestServer<S extends Candidate>(address: string, servers: readonly S[]): S | undefined {
  const domain = comparableDomain(domainOf(address));
  const closeness = ({ fromFilter }: S): number =>
    Math.max(
      0,
      ...fromFilter.map((entry) => closenessOf(comparableDomain(domainOf(entry.replace(/^\*\./, ''))), domain)),
    );
  return servers
    .filter(({ active, owner }) => active && (owner ?? null) === null)
    .toSorted((a, b) => closeness(b) - closeness(a) || byPriority(a, b))[0];
}

function closenessOf(one: string, other: string): number {
  if (one === other) return 2;
  return one.endsWith(`.${other}`) || other.endsWith(`.${one}`) ? 1 : 0;
}
