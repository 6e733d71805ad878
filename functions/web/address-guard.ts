import ipaddr from 'ipaddr.js';
import { GatewayError } from '../shared/errors.ts';

/** Judges where outgoing requests may go. */
export interface AddressGuard {
  /** True for public addresses over https, and for those in an allowed network over either. */
  mayReach(address: string, plain: boolean): boolean;
  /** For hosts written as addresses, which are never looked up. @throws GatewayError `destination-forbidden` */
  demandHost(hostname: string, plain: boolean): void;
  refusal(hostname: string, address: string): GatewayError;
  /** Why nothing at a URL can be reached, as far as that is known without looking up its name. */
  whyNot(url: URL): string | undefined;
}

/** Azure's own services to a machine stand at an address that is public by its number ("What is IP address 168.63.129.16?"). */
const azurePlatform = '168.63.129.16';

/** Those that stand for this machine everywhere (RFC 6761 6.3), and what they stand for. */
const loopbackName = /^(?:.+\.)?localhost\.?$/i;
const loopback = ['127.0.0.1', '::1'];

/** @throws RangeError when a network is not CIDR */
export function createAddressGuard(allowedNetworks: readonly string[]): AddressGuard {
  const allowed = allowedNetworks.map((network) => ipaddr.parseCIDR(network));

  function mayReach(text: string, plain: boolean): boolean {
    // An IPv4 address dressed as IPv6 (::ffff:10.0.0.1) is judged as what it is.
    const address = ipaddr.process(text);
    if (allowed.some((network) => network[0].kind() === address.kind() && address.match(network))) return true;
    return !plain && address.range() === 'unicast' && address.toString() !== azurePlatform;
  }

  function refusal(hostname: string, address: string): GatewayError {
    return new GatewayError('destination-forbidden', `${hostname} is ${address}, which webhooks may not reach.`, {
      data: { remedy: 'Use a public https address, or allow its network with the setting WEBHOOK_PRIVATE_NETWORKS.' },
    });
  }

  return {
    mayReach,
    refusal,
    demandHost(hostname, plain) {
      const bare = hostname.replace(/^\[|\]$/g, '');
      if (ipaddr.isValid(bare) && !mayReach(bare, plain)) throw refusal(hostname, bare);
    },
    whyNot({ hostname, protocol }) {
      const plain = protocol === 'http:';
      const bare = hostname.replace(/^\[|\]$/g, '');
      const addresses = loopbackName.test(bare) ? loopback : ipaddr.isValid(bare) ? [bare] : [];
      // A name may stand for anything; but where no network is allowed, plain http never is.
      if (addresses.length === 0 && !(plain && allowed.length === 0)) return undefined;
      if (addresses.some((address) => mayReach(address, plain))) return undefined;
      return plain && addresses.every((address) => mayReach(address, false))
        ? 'must be https: plain http is taken in the networks of WEBHOOK_PRIVATE_NETWORKS only'
        : 'must be a public address, or one in the networks of WEBHOOK_PRIVATE_NETWORKS';
    },
  };
}
