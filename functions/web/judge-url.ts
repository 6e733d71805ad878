import type { JudgeUrl } from '../events/destination-url.ts';

/** Judges URLs as the guard of outgoing requests will, as far as that goes without looking up names. */
export function createUrlJudge(allowedNetworks: readonly string[]): JudgeUrl {
  return async (url) => {
    const { createAddressGuard } = await import('./address-guard.ts');
    return createAddressGuard(allowedNetworks).whyNot(new URL(url));
  };
}
