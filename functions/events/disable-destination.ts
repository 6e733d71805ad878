import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { causeOf, toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { Destination } from './destination.ts';
import { newEvent } from './event.ts';
import { raiseEvents, type RaisePorts } from './raise-events.ts';

/** True when a receiver says that nothing is wanted there any more: 410 (Standard Webhooks, "Gone"). */
export function isGone({ kind }: Destination, { data }: GatewayError): boolean {
  return kind === 'webhook' && data.upstream?.code === '410';
}

/**
 * Disables a destination that wants nothing any more, and tells the others. What was on its way waits until somebody
 * enables it again. Nothing is done when somebody has just changed it.
 */
export async function disableGone(
  call: Call,
  { value, etag }: Stored<Destination>,
  error: GatewayError,
  ports: RaisePorts,
): Promise<void> {
  const { id, name, kind } = value;
  const cause = causeOf(error, call.now());
  try {
    await ports.destinations.replace(id, { ...value, state: 'disabled', cause }, etag);
  } catch (thrown) {
    if (toGatewayError(thrown).code === 'precondition-failed') return;
    throw thrown;
  }
  call.log.warn('A destination was disabled: it answers 410.', { destination: id });
  await raiseEvents([newEvent('destination.disabled', id, call.now(), { id, name, kind, cause })], ports);
}
