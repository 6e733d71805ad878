import { GatewayError } from '../shared/errors.ts';
import { afterFetchOf, type IncomingServer } from './incoming-server.ts';

/**
 * What the fields of an incoming server must be together.
 * @throws GatewayError `request-invalid` when mail would be moved to a folder that is read: it would come again
 */
export function demandReadable(server: IncomingServer): void {
  const afterFetch = afterFetchOf(server);
  if (typeof afterFetch === 'string' || !server.folders.includes(afterFetch.move)) return;
  throw unfit('/afterFetch/move', 'must not be one of the folders that are read');
}

/** A field of a server that does not fit. */
export function unfit(pointer: string, detail: string): GatewayError {
  return new GatewayError('request-invalid', `${pointer} ${detail}`, { data: { errors: [{ pointer, detail }] } });
}
