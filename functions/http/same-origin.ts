import { GatewayError } from '../shared/errors.ts';

/**
 * Judges by what browsers say of themselves, and no page can make them leave out or change, whether a request comes from a
 * page of ours or from the person directly. Programs say nothing of the kind.
 * @throws GatewayError `request-forged`
 */
export function demandSameOrigin(header: (name: string) => string | undefined, publicUrl: string): void {
  const site = header('sec-fetch-site');
  const origin = header('origin');
  // Judged by the browser itself, it holds under whatever name the browser knows us.
  const isOurs = site === undefined ? origin === undefined || origin === new URL(publicUrl).origin : isFromHere(site);
  if (isOurs) return;
  throw new GatewayError('request-forged', 'The browser says that another site made it send this.', {
    data: { remedy: 'Open the console itself: /console.' },
  });
}

function isFromHere(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}
