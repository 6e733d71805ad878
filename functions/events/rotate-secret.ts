import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { newSecretName, newSigningSecret } from './add-destination.ts';
import type { Destination } from './destination.ts';

const hour = 3_600_000;

/**
 * Gives a webhook another signing secret, which is answered this once. For so many hours events carry a signature by each
 * of the two, so that the receiver can change in its own time (Standard Webhooks, "Secret rotation").
 * @throws GatewayError `conflict` for a destination that signs nothing, `precondition-failed`
 */
export async function rotateSecret(
  call: Call,
  { value, etag }: Stored<Destination>,
  overlapHours: number,
  { destinations, secrets }: { destinations: Collection<Destination>; secrets: SecretStore },
): Promise<{ stored: Stored<Destination>; secret: Secret }> {
  if (value.kind !== 'webhook') {
    throw new GatewayError('conflict', `A destination of the kind ${value.kind} has no signing secret.`);
  }
  const secret = newSigningSecret();
  const secretName = newSecretName(value.id);
  await secrets.set(secretName, secret);
  const until = new Date(call.now().getTime() + overlapHours * hour).toISOString();
  const former = { secretName: value.secretName, until };
  const stored = await destinations.replace(value.id, { ...value, secretName, former }, etag);
  // The one before the former signs no longer.
  if (value.former !== undefined) await secrets.remove(value.former.secretName);
  return { stored, secret };
}
