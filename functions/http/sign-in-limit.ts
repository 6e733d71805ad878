import ipaddr from 'ipaddr.js';
import { GatewayError } from '../shared/errors.ts';

const window = 5 * 60_000;
const perAddress = 10;
const inAll = 300;
/** Addresses remembered at most. */
const remembered = 1_000;

/**
 * Holds up those who try keys: 10 failures an address and 300 in all are heard in five minutes, by each instance for itself.
 * A key has 256 random bits and is not found by trying; what this spares is storage and the log. It keeps nothing
 * anywhere but in a bounded memory, so strangers cannot make it cost.
 */
export function createSignInLimit() {
  const failures = new Map<string, { count: number; readonly until: number }>();
  let all = { count: 0, until: 0 };

  return {
    /** @throws GatewayError `too-many-attempts`, with the seconds to wait */
    demand(address: string, now: Date): void {
      const at = now.getTime();
      const own = failures.get(address);
      const over = [own && own.count >= perAddress ? own.until : 0, all.count >= inAll ? all.until : 0];
      const until = Math.max(...over);
      if (until <= at) return;
      throw new GatewayError('too-many-attempts', 'Too many sign-ins have failed.', {
        data: { retryAfter: Math.ceil((until - at) / 1000), remedy: 'Wait, then sign in with an API key that works.' },
      });
    },

    failed(address: string, now: Date): void {
      const at = now.getTime();
      if (all.until <= at) all = { count: 0, until: at + window };
      all.count += 1;
      const known = failures.get(address);
      if (known !== undefined && known.until > at) {
        known.count += 1;
        return;
      }
      failures.delete(address);
      failures.set(address, { count: 1, until: at + window });
      // They stand in the order of their ends.
      const [oldest] = failures.keys();
      if (failures.size > remembered && oldest !== undefined) failures.delete(oldest);
    },
  };
}

/**
 * Who asks, for counting: the last hop that `X-Forwarded-For` names, which Azure's front end adds itself (the others are the
 * caller's own words), without its port. An IPv6 address counts as its network of 56 bits, which is what one line has.
 */
export function clientAddressOf(forwardedFor: string | undefined): string {
  const hop = forwardedFor?.split(',').at(-1)?.trim() ?? '';
  const bare = /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');
  if (!ipaddr.isValid(bare)) return 'unknown';
  const address = ipaddr.process(bare);
  return address.kind() === 'ipv4'
    ? address.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/56`).toString();
}
