import { applicationScope, requireApp, type AppRegistration } from '../accounts/app-registration.ts';
import type { ApplicationTokens } from '../accounts/sign-in.ts';
import type { Collection } from '../shared/collection.ts';
import { Secret } from '../shared/secret.ts';
import type { CreateMsalClient } from './msal-client.ts';
import { createTokenMemory, type AccessToken } from './token-memory.ts';
import { toSignInError } from './to-sign-in-error.ts';

/** Tokens of the application itself by MSAL: one per tenant, whatever mailbox it is used for. */
export function createMsalApplicationTokens(
  createClient: CreateMsalClient,
  { app }: { app: Collection<AppRegistration> },
): ApplicationTokens {
  const remember = createTokenMemory();

  async function fetch(tenant: string): Promise<AccessToken> {
    const registration = await requireApp(app);
    try {
      // `common` and its like name no tenant in which an application could act.
      const client = await createClient({ ...registration, tenant });
      const result = await client.acquireTokenByClientCredential({
        scopes: [applicationScope(registration)],
        skipCache: true,
      });
      return { secret: new Secret(result?.accessToken ?? ''), expiresAt: result?.expiresOn?.getTime() ?? 0 };
    } catch (thrown) {
      throw toSignInError(thrown, 'application', registration);
    }
  }

  return { token: (tenantId, isUsable = () => true) => remember(tenantId, isUsable, () => fetch(tenantId)) };
}
