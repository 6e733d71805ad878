import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { startStack, type Stack, type StackOptions } from '../../dev/stack.ts';
import { walkSignIn } from '../../dev/walk-sign-in.ts';
import { afterFile } from './after-file.ts';

/** A stack of its own for one test file, with an admin's client. Every line of the host's log is kept. */
export interface Flow extends Stack {
  readonly api: ApiClient;
  readonly adminKey: string;
  readonly log: readonly string[];
  /** Adds an account and signs in for it through the pages. */
  connect(address: string, more?: Record<string, unknown>): Promise<{ id: string }>;
}

/**
 * Starts a stack whose app registration is set, here or by the settings; it stops after the file. `npm test` has built the
 * functions before.
 */
export async function startFlow(options: StackOptions = {}): Promise<Flow> {
  const log: string[] = [];
  const stack = await startStack({ ...options, log: (line) => log.push(line) });
  afterFile(() => stack.stop());
  const adminKey = await stack.firstAdminKey();
  const api = createApiClient(stack.url, adminKey);
  const { clientId, tenantId, clientSecret } = laptopTenant;
  if (options.settings?.['MICROSOFT_CLIENT_ID'] === undefined) {
    await api.call('PUT', '/v1/app', { clientId, tenant: tenantId, clientSecret });
  }
  return {
    ...stack,
    api,
    adminKey,
    log,
    async connect(address, more = {}) {
      const account = await api.call<{ id: string }>('POST', '/v1/accounts', { address, ...more });
      const { authorizeUrl, signInAs } = await api.call<{ authorizeUrl: string; signInAs: string }>(
        'POST',
        `/v1/accounts/${account.id}/connect`,
      );
      const page = await walkSignIn(authorizeUrl, { as: signInAs });
      if (page.status !== 200) throw new Error(`The sign-in ended with ${page.status}: ${await page.text()}`);
      return account;
    },
  };
}
