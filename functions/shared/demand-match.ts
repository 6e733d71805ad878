import type { Stored } from './collection.ts';
import { GatewayError } from './errors.ts';

/**
 * Holds a change to the version its maker has read (RFC 9110 13.1.1 `If-Match`): nothing asks for nothing, `*` for any
 * version but for one, and an ETag for that version. `detail` says what was changed meanwhile.
 * @throws GatewayError `precondition-failed`
 */
export function demandMatch(wanted: string | undefined, stored: Stored<unknown> | undefined, detail: string): void {
  if (wanted === undefined || (stored !== undefined && (wanted === '*' || wanted === stored.etag))) return;
  throw new GatewayError('precondition-failed', detail, {
    data: { remedy: 'Read it again, and send its ETag as If-Match.' },
  });
}
