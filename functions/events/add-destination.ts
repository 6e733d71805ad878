import { randomBytes } from 'node:crypto';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { newId, randomKey } from '../shared/ids.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Destination } from './destination.ts';

/** Adds a webhook and makes its signing secret (Standard Webhooks: `whsec_` and 32 bytes in base64). */
export async function addDestination(
  call: Call,
  wanted: Pick<Destination, 'name' | 'url' | 'events'>,
  { destinations, secrets }: { destinations: Collection<Destination>; secrets: SecretStore },
): Promise<{ stored: Stored<Destination>; secret: Secret }> {
  const id = newId('dst');
  const secretName = `signing-${id.replace('_', '-')}-${randomKey()}`;
  const secret = new Secret(`whsec_${randomBytes(32).toString('base64')}`);
  await secrets.set(secretName, secret);
  const createdAt = call.now().toISOString();
  const destination: Destination = { id, kind: 'webhook', ...wanted, secretName, createdAt };
  return { stored: await destinations.add(id, destination), secret };
}
