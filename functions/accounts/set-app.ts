import type { Collection, Stored } from '../shared/collection.ts';
import { demandMatch } from '../shared/demand-match.ts';
import { randomKey } from '../shared/ids.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { appRegistrationId, type AppRegistration } from './app-registration.ts';

export interface AppChange {
  readonly clientId: string;
  readonly tenant: string;
  readonly clientSecret?: string | undefined;
  readonly clientSecretExpiresAt?: string | undefined;
}

/**
 * Sets the app registration. A new client secret goes to the key vault under a new name, so that the old one works
 * until the row names the new one, and leaves the vault then; without a new one the secret of the same application stays.
 * @throws GatewayError `precondition-failed`
 */
export async function setApp(
  change: AppChange,
  ifMatch: string | undefined,
  { app, secrets }: { app: Collection<AppRegistration>; secrets: SecretStore },
): Promise<Stored<AppRegistration>> {
  const before = await app.get(appRegistrationId);
  demandMatch(ifMatch, before, 'The app registration was changed since you read it.');
  const former = before?.value.clientSecretName;
  const kept = before?.value.clientId === change.clientId ? before.value : undefined;
  let clientSecretName = kept?.clientSecretName;
  if (change.clientSecret !== undefined) {
    clientSecretName = `client-secret-${randomKey()}`;
    await secrets.set(clientSecretName, new Secret(change.clientSecret));
  }
  const expiresAt =
    change.clientSecretExpiresAt ?? (change.clientSecret === undefined ? kept?.clientSecretExpiresAt : undefined);
  const value: AppRegistration = {
    clientId: change.clientId,
    tenant: change.tenant,
    ...(clientSecretName !== undefined && { clientSecretName }),
    ...(expiresAt !== undefined && { clientSecretExpiresAt: expiresAt }),
  };
  const stored = await (before === undefined
    ? app.add(appRegistrationId, value)
    : app.replace(appRegistrationId, value, before.etag));
  if (former !== undefined && former !== clientSecretName) await secrets.remove(former);
  return stored;
}
