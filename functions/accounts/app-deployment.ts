import type { Collection, Stored } from '../shared/collection.ts';
import type { AppCredential, AppRegistration } from './app-registration.ts';
import type { CloudName } from './clouds.ts';

/** What the deployment says about the app registration, in settings. */
export interface AppDeployment {
  readonly cloud: CloudName;
  readonly credential: AppCredential;
  /** Left out: set through the API. */
  readonly application?: { readonly clientId: string; readonly tenant: string };
}

/** The mark of an app registration that only the deployment has told of so far. */
const notKept = '"deployment"';

/**
 * The app registration as deployment and API together tell it. What the deployment says holds, and is not kept; secrets
 * of another application than the deployment's are not its secrets.
 */
export function createDeployedApp(
  rows: Collection<AppRegistration>,
  { cloud, credential, application }: AppDeployment,
): Collection<AppRegistration> {
  const told = ({ value, etag }: Stored<AppRegistration>): Stored<AppRegistration> => {
    const { clientSecrets, ...row } = value;
    const isOurs = application === undefined || isSameId(application.clientId, row.clientId);
    const secrets = isOurs && clientSecrets !== undefined ? { clientSecrets } : {};
    return { value: { ...row, ...application, ...secrets, cloud, credential }, etag };
  };
  const kept = ({ clientId, tenant, clientSecrets }: AppRegistration): AppRegistration => ({
    clientId,
    tenant,
    ...(clientSecrets !== undefined && { clientSecrets }),
  });

  return {
    async get(id) {
      const row = await rows.get(id);
      if (row !== undefined) return told(row);
      return application && { value: { ...application, cloud, credential }, etag: notKept };
    },
    list: async () => (await rows.list()).map(told),
    add: async (id, value) => told(await rows.add(id, kept(value))),
    replace: async (id, value, etag) =>
      told(await (etag === notKept ? rows.add(id, kept(value)) : rows.replace(id, kept(value), etag))),
    remove: (id, etag) => rows.remove(id, etag),
  };
}

/** GUIDs are the same in upper and lower case. */
export function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
