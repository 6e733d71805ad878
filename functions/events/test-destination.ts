import type { Call } from '../shared/call.ts';
import { causeOf, GatewayError, toGatewayError, type Cause } from '../shared/errors.ts';
import { randomKey } from '../shared/ids.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { handOver, type Couriers } from './courier.ts';
import { secretsOf, type Destination } from './destination.ts';
import { newEvent } from './event.ts';
import { eventBody } from './event-body.ts';

/** What came of the test of a destination. */
export interface DestinationTest {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly cause?: Cause;
}

/** Hands a `destination.test` event over at once, whatever else waits. Odoo, which takes mail alone, is logged in to. */
export async function testDestination(
  call: Call,
  destination: Destination,
  { secrets, couriers }: { secrets: SecretStore; couriers: Couriers },
): Promise<DestinationTest> {
  const begun = call.now();
  const took = (): number => call.now().getTime() - begun.getTime();
  try {
    const [name] = secretsOf(destination);
    const stored = name === undefined ? undefined : await secrets.get(name);
    if (name !== undefined && stored === undefined) {
      throw new GatewayError('secrets-unavailable', `The secret of ${destination.id} is gone.`);
    }
    const body = eventBody(newEvent('destination.test', destination.id, begun, { destination: destination.id }));
    const own = stored === undefined ? [] : [stored.secret];
    const parcel = { id: `evt_test${randomKey()}`, body };
    await handOver({ destination, parcel, secrets: own, signal: call.signal, now: begun }, couriers);
    return { ok: true, tookMs: took() };
  } catch (thrown) {
    return { ok: false, tookMs: took(), cause: causeOf(toGatewayError(thrown), call.now()) };
  }
}
