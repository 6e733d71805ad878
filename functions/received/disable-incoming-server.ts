import type { GatewayEvent } from '../events/event.ts';
import { raiseEvents, type RaisePorts } from '../events/raise-events.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';

interface Ports extends RaisePorts {
  readonly incomingServers: Collection<IncomingServer>;
}

/**
 * Disables a server that has failed for good, and has that told. Both are kept in one write, so that neither is without
 * the other. Nothing is done when somebody has just changed it.
 * @throws GatewayError `storage-unavailable`
 */
export async function disableIncomingServer(
  call: Call,
  { value, etag }: Stored<IncomingServer>,
  event: GatewayEvent,
  ports: Ports,
): Promise<void> {
  try {
    await ports.incomingServers.replace(value.id, { ...value, state: 'disabled', untold: event }, etag);
  } catch (thrown) {
    if (toGatewayError(thrown).code === 'precondition-failed') return;
    throw thrown;
  }
  call.log.warn('An incoming server was disabled: it has failed for days.', { incomingServer: value.id });
  await tellDisabled(call, value.id, ports);
}

/** Has the destinations told that a server was disabled. Never throws: what could not be told stays with the server. */
export async function tellDisabled(call: Call, id: string, ports: Ports): Promise<void> {
  try {
    const stored = await ports.incomingServers.get(id);
    if (stored?.value.untold === undefined) return;
    const { untold, ...told } = stored.value;
    await raiseEvents([untold], ports);
    await ports.incomingServers.replace(id, told, stored.etag);
  } catch (thrown) {
    // Also when it was changed meanwhile: the next look at all servers tells the same event, which changes nothing.
    call.log.warn('That an incoming server was disabled is still to be told.', { incomingServer: id, cause: thrown });
  }
}
