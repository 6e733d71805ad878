import type { Collection, Stored } from '../shared/collection.ts';
import { demandMatch } from '../shared/demand-match.ts';
import { GatewayError } from '../shared/errors.ts';
import { randomKey } from '../shared/ids.ts';
import { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';
import { isSameId, type AppDeployment } from './app-deployment.ts';
import { appRegistrationId, type AppRegistration, type ClientSecret } from './app-registration.ts';

export interface AppChange {
  readonly clientId: string;
  readonly tenant: string;
  readonly clientSecret?: string | undefined;
  readonly clientSecretExpiresAt?: string | undefined;
}

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly appDeployment: AppDeployment;
  readonly secrets: SecretStore;
}

/**
 * Sets the app registration. A new client secret goes to the key vault under a new name and before the one there is, which
 * stays for as long as Microsoft may not know the new one: until it ends, or a third comes. Then it leaves the vault.
 * @throws GatewayError `conflict` when the deployment says otherwise, `precondition-failed`
 */
export async function setApp(
  change: AppChange,
  ifMatch: string | undefined,
  now: Date,
  { app, appDeployment, secrets }: Ports,
): Promise<Stored<AppRegistration>> {
  demandAsDeployed(change, appDeployment);
  const before = await app.get(appRegistrationId);
  demandMatch(ifMatch, before, 'The app registration was changed since you read it.');
  const former = before?.value.clientSecrets ?? [];
  const isSame = before !== undefined && isSameId(before.value.clientId, change.clientId);
  const added = newSecret(change, now);
  if (added !== undefined) await secrets.set(added.name, new Secret(change.clientSecret ?? ''));
  const clientSecrets = secretsAfter(isSame ? former : [], added, change.clientSecretExpiresAt, now);
  const value: AppRegistration = { clientId: change.clientId, tenant: change.tenant, clientSecrets };
  const stored = await (before === undefined
    ? app.add(appRegistrationId, value)
    : app.replace(appRegistrationId, value, before.etag));
  const kept = new Set(clientSecrets.map(({ name }) => name));
  for (const { name } of former) if (!kept.has(name)) await secrets.remove(name);
  return stored;
}

/** True when a client secret has ended, as far as whoever set it has said. */
export function hasEnded({ expiresAt }: ClientSecret, now: Date): boolean {
  return expiresAt !== undefined && new Date(expiresAt) <= now;
}

function newSecret({ clientSecret, clientSecretExpiresAt }: AppChange, now: Date): ClientSecret | undefined {
  if (clientSecret === undefined) return undefined;
  return {
    name: `client-secret-${randomKey()}`,
    setAt: now.toISOString(),
    ...(clientSecretExpiresAt !== undefined && { expiresAt: clientSecretExpiresAt }),
  };
}

function secretsAfter(
  former: readonly ClientSecret[],
  added: ClientSecret | undefined,
  expiresAt: string | undefined,
  now: Date,
): ClientSecret[] {
  if (added !== undefined) return [added, ...former.slice(0, 1).filter((secret) => !hasEnded(secret, now))];
  const [newest, ...older] = former;
  if (newest === undefined || expiresAt === undefined) return [...former];
  return [{ ...newest, expiresAt }, ...older];
}

function demandAsDeployed(change: AppChange, { application, credential }: AppDeployment): void {
  if (application !== undefined) {
    const { clientId, tenant } = application;
    if (!isSameId(change.clientId, clientId) || !isSameId(change.tenant, tenant)) {
      throw new GatewayError('conflict', 'The deployment has set another app registration.', {
        data: {
          remedy: `Change MICROSOFT_CLIENT_ID and MICROSOFT_TENANT_ID in the app's settings, or send "clientId": "${clientId}", "tenant": "${tenant}".`,
        },
      });
    }
  }
  if (change.clientSecret !== undefined && credential.kind !== 'client-secret') {
    throw new GatewayError(
      'conflict',
      `The app registration proves itself with a ${credential.kind}, not with a secret.`,
      {
        data: { remedy: "Leave the secret out, or set MICROSOFT_CREDENTIAL to client-secret in the app's settings." },
      },
    );
  }
}
