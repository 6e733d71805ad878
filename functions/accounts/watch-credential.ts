import { newEvent, type GatewayEvent } from '../events/event.ts';
import { raiseEvents, type RaisePorts } from '../events/raise-events.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, States, Stored } from '../shared/collection.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { appRegistrationId, type AppRegistration } from './app-registration.ts';
import type { CredentialFacts, InspectCredential } from './credential-facts.ts';
import { hasEnded } from './set-app.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** How many days before a credential ends people are told. */
const warnings = [1, 3, 7, 14, 30, 60];

/** What is remembered of the last look at the credential. */
export interface CredentialWatch {
  /** ISO 8601. */
  readonly lookedAt: string;
  /** Of the app registration as it was then. */
  readonly etag: string;
  /** The id of the last warning. */
  readonly warned?: string;
}

interface Ports extends RaisePorts {
  readonly app: Collection<AppRegistration>;
  readonly credentialWatches: States<CredentialWatch>;
  readonly inspectCredential: InspectCredential;
  readonly secrets: SecretStore;
}

/**
 * Looks once an hour, and after every change to the app registration, whether its credential ends soon. People are told
 * once for each number of days, by an event and a line in the log. A client secret that has ended while there is a newer one
 * leaves the vault.
 */
export async function watchCredential(call: Call, ports: Ports): Promise<void> {
  const stored = await ports.app.get(appRegistrationId);
  if (stored === undefined) return;
  const { value, etag } = await withoutEndedSecrets(stored, call.now(), ports);
  const before = await ports.credentialWatches.get(appRegistrationId);
  const now = call.now();
  if (before?.etag === etag && now.getTime() - Date.parse(before.lookedAt) < hour) return;

  const facts = await factsOf(call, value, ports.inspectCredential);
  const warning = facts && warningOf(value, facts, now);
  if (warning !== undefined && warning.id !== before?.warned) {
    await raiseEvents([warning], ports);
    call.log.warn('The app credential ends soon.', { ...warning.data });
  }
  const warned = warning?.id ?? before?.warned;
  const watch = { lookedAt: now.toISOString(), etag, ...(warned !== undefined && { warned }) };
  await ports.credentialWatches.put(appRegistrationId, watch);
}

async function withoutEndedSecrets(
  stored: Stored<AppRegistration>,
  now: Date,
  { app, secrets }: Ports,
): Promise<Stored<AppRegistration>> {
  const { clientSecrets = [] } = stored.value;
  const ended = clientSecrets.slice(1).filter((secret) => hasEnded(secret, now));
  if (ended.length === 0) return stored;
  const left = { ...stored.value, clientSecrets: clientSecrets.filter((secret) => !ended.includes(secret)) };
  const changed = await app.replace(appRegistrationId, left, stored.etag);
  for (const { name } of ended) await secrets.remove(name);
  return changed;
}

/** A vault that does not answer is asked again in an hour, like any other; `/health` tells of it sooner. */
async function factsOf(
  call: Call,
  app: AppRegistration,
  inspect: InspectCredential,
): Promise<CredentialFacts | undefined> {
  if (app.credential?.kind === 'managed-identity') return undefined;
  try {
    return await inspect(app);
  } catch (error) {
    call.log.error('The app credential could not be looked at.', { error });
    return undefined;
  }
}

/** The warning that is due: that of the fewest days, of those that have come. Nothing once the credential has ended. */
function warningOf(
  { clientId, credential, clientSecrets }: AppRegistration,
  { expiresAt, thumbprint }: CredentialFacts,
  now: Date,
): GatewayEvent | undefined {
  if (expiresAt === undefined) return undefined;
  const end = Date.parse(expiresAt);
  const left = end - now.getTime();
  const days = warnings.find((each) => left <= each * day);
  if (days === undefined || left <= 0) return undefined;
  // Two credentials may have their warnings at the same moment.
  const which = thumbprint ?? clientSecrets?.[0]?.name ?? '';
  const kind = credential?.kind ?? 'client-secret';
  return newEvent('app.credential_expiring', `app ${which}`, new Date(end - days * day), {
    clientId,
    kind,
    expiresAt,
    withinDays: days,
  });
}
