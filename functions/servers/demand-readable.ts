import { GatewayError } from '../shared/errors.ts';
import { afterFetchOf, type IncomingServer } from './incoming-server.ts';

/**
 * What the fields of an incoming server must be together.
 * @throws GatewayError `request-invalid` when mail would be moved to a folder that is read (it would come again), or is to
 *   be read since a time that is still to come
 */
export function demandReadable(now: Date, server: IncomingServer): void {
  if (server.since !== undefined && server.since > now.toISOString())
    throw unfit('/since', 'must not be in the future');
  const afterFetch = afterFetchOf(server);
  if (typeof afterFetch === 'string' || !server.folders.includes(afterFetch.move)) return;
  throw unfit('/afterFetch/move', 'must not be one of the folders that are read');
}

/**
 * @throws GatewayError `request-invalid` when the time to read from is changed although reading has begun: what a folder
 *   begins with is decided once
 */
export function demandSameSince(server: IncomingServer, changed: IncomingServer): void {
  if (changed.since === server.since || changed.starts === undefined) return;
  throw unfit('/since', 'cannot be changed once the server has been confirmed; add another server');
}

/** Mail servers tell arrivals to the second. */
export function sinceSecond(since: string): string {
  return new Date(Math.floor(Date.parse(since) / 1000) * 1000).toISOString();
}

/** A field of a server that does not fit. */
export function unfit(pointer: string, detail: string): GatewayError {
  return new GatewayError('request-invalid', `${pointer} ${detail}`, { data: { errors: [{ pointer, detail }] } });
}
