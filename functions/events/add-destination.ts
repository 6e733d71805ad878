import { randomBytes } from 'node:crypto';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { newId, randomKey } from '../shared/ids.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import type { Destination, Odoo, StorageQueue, Webhook } from './destination.ts';
import { demandPublicUrl, type JudgeUrl } from './destination-url.ts';

type Named<D extends Destination, Fields extends keyof D> = Pick<
  D,
  'kind' | 'name' | 'events' | 'concurrency' | Fields
>;
export type NewDestination =
  | Named<Webhook, 'url'>
  | Named<StorageQueue, 'queueUrl'>
  | (Named<Odoo, 'url' | 'database' | 'username'> & { readonly apiKey: string });

/**
 * Adds a destination. Of a webhook the signing secret is answered, which is shown this once.
 * @throws GatewayError `request-invalid` when its address is a private one
 */
export async function addDestination(
  call: Call,
  wanted: NewDestination,
  {
    destinations,
    secrets,
    judgeUrl,
  }: { destinations: Collection<Destination>; secrets: SecretStore; judgeUrl: JudgeUrl },
): Promise<{ stored: Stored<Destination>; secret?: Secret }> {
  const id = newId('dst');
  const common = { id, state: 'active' as const, createdAt: call.now().toISOString() };
  if (wanted.kind === 'queue') return { stored: await destinations.add(id, { ...common, ...wanted }) };
  await demandPublicUrl(wanted.url, judgeUrl);
  const secretName = newSecretName(id);
  if (wanted.kind === 'webhook') {
    const secret = newSigningSecret();
    await secrets.set(secretName, secret);
    return { stored: await destinations.add(id, { ...common, ...wanted, secretName }), secret };
  }
  const { apiKey, ...odoo } = wanted;
  await secrets.set(secretName, new Secret(apiKey));
  return { stored: await destinations.add(id, { ...common, ...odoo, secretName }) };
}

/** A name nobody had: one that was ever deleted cannot be set again while the vault remembers it. */
export function newSecretName(destinationId: string): string {
  return `destination-${destinationId.replace('_', '-')}-${randomKey()}`;
}

/** Standard Webhooks: `whsec_` and 32 bytes in base64. */
export function newSigningSecret(): Secret {
  return new Secret(`whsec_${randomBytes(32).toString('base64')}`);
}
