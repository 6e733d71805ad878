import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { withChanges } from '../shared/with-changes.ts';
import { newSecretName } from './add-destination.ts';
import { secretsOf, type Destination } from './destination.ts';
import { demandPublicUrl, type JudgeUrl } from './destination-url.ts';

/** What can be changed, each for the kinds that have it. */
export interface DestinationChange {
  readonly name?: string | undefined;
  readonly events?: Destination['events'] | undefined;
  readonly state?: Destination['state'] | undefined;
  readonly concurrency?: number | undefined;
  readonly url?: string | undefined;
  readonly queueUrl?: string | undefined;
  readonly database?: string | undefined;
  readonly username?: string | undefined;
  readonly apiKey?: string | undefined;
}

const own: Readonly<Record<Destination['kind'], readonly (keyof DestinationChange)[]>> = {
  webhook: ['url'],
  queue: ['queueUrl'],
  odoo: ['url', 'database', 'username', 'apiKey'],
};
const everyones: readonly (keyof DestinationChange)[] = ['name', 'events', 'state', 'concurrency'];

/**
 * Changes a destination as it was read. Whatever is changed, the cause of its being disabled is forgotten when it is
 * enabled. A new API key gets a new name in the vault, and the old one leaves it once no row names it.
 * @throws GatewayError `request-invalid` for a field its kind does not have or a private address, `precondition-failed`
 */
export async function changeDestination(
  { value, etag }: Stored<Destination>,
  { apiKey, ...changes }: DestinationChange,
  {
    destinations,
    secrets,
    judgeUrl,
  }: { destinations: Collection<Destination>; secrets: SecretStore; judgeUrl: JudgeUrl },
): Promise<Stored<Destination>> {
  demandOwnFields(value, { ...changes, apiKey });
  if (changes.url !== undefined) await demandPublicUrl(changes.url, judgeUrl);
  const { cause, ...enabled } = value;
  const before = changes.state === 'active' ? enabled : value;
  const changed = withChanges(before, changes) as Destination;
  if (apiKey === undefined) return destinations.replace(value.id, changed, etag);
  const secretName = newSecretName(value.id);
  await secrets.set(secretName, new Secret(apiKey));
  const stored = await destinations.replace(value.id, { ...changed, secretName } as Destination, etag);
  for (const name of secretsOf(value)) await secrets.remove(name);
  return stored;
}

function demandOwnFields({ kind }: Destination, change: DestinationChange): void {
  const errors = Object.entries(change)
    .filter(([field, given]) => given !== undefined && ![...everyones, ...own[kind]].some((name) => name === field))
    .map(([field]) => ({ pointer: `/${field}`, detail: `is no field of a destination of the kind ${kind}` }));
  const [first] = errors;
  if (first === undefined) return;
  throw new GatewayError('request-invalid', `${first.pointer}: ${first.detail}`, { data: { errors } });
}
