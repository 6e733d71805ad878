import type { ConfidentialClientApplication } from '@azure/msal-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { appRegistrationId, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import { createMsalMailboxTokens } from '../../functions/azure/msal-mailbox-tokens.ts';
import { GatewayError, toGatewayError } from '../../functions/shared/errors.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { createMemoryCollection } from './memory-collection.ts';

const minute = 60_000;
const hour = 60 * minute;
const account: Account = {
  id: 'acc_ada',
  address: 'ada@contoso.example',
  kind: 'user',
  state: 'connected',
  tokenSecret: 'grant',
  connectedAt: '2026-11-23T12:00:00Z',
  createdAt: '2026-11-23T12:00:00Z',
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-23T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Mailbox tokens over an MSAL that gives `token 1`, `token 2`, ... for an hour each, and a vault one can break. */
function createTokens() {
  const app = createMemoryCollection<AppRegistration>({ [appRegistrationId]: { clientId: 'one', tenant: 'common' } });
  const vault = new Map([['grant', { secret: new Secret('cache'), setAt: new Date() }]]);
  const clients: string[] = [];
  const asked: { forceRefresh: boolean | undefined }[] = [];
  let writes = 0;
  let vaultIsDown = false;
  let refusal: Error | undefined;
  const createClient = ({ clientId }: AppRegistration) => {
    clients.push(clientId);
    return Promise.resolve({
      getTokenCache: () => ({
        deserialize: () => undefined,
        serialize: () => `cache ${asked.length}`,
        getAllAccounts: () => Promise.resolve([{}]),
      }),
      acquireTokenSilent: async ({ forceRefresh }: { forceRefresh?: boolean }) => {
        asked.push({ forceRefresh });
        await Promise.resolve();
        if (refusal !== undefined) throw refusal;
        return { accessToken: `token ${asked.length}`, expiresOn: new Date(Date.now() + hour) };
      },
    } as unknown as ConfidentialClientApplication);
  };
  const secrets = {
    get: (name: string) => Promise.resolve(vault.get(name)),
    set: (name: string, secret: Secret) => {
      if (vaultIsDown) return Promise.reject(new GatewayError('secrets-unavailable', 'down'));
      writes += 1;
      vault.set(name, { secret, setAt: new Date() });
      return Promise.resolve();
    },
    remove: () => Promise.resolve(),
  };
  const accounts = createMemoryCollection<Account>({ [account.id]: account });
  const applicationTokens = { token: (tenantId: string) => Promise.resolve(new Secret(`of ${tenantId}`)) };
  const tokens = createMsalMailboxTokens(createClient, { app, accounts, secrets, applicationTokens });
  return {
    get: async (refused?: Secret, of = account) => (await tokens.accessToken(of, refused)).reveal(),
    token: (refused?: Secret) => tokens.accessToken(account, refused),
    clients,
    asked,
    writes: () => writes,
    breakVault: (isDown = true) => void (vaultIsDown = isDown),
    refuse: (error?: Error) => void (refusal = error),
    loseGrant: () => vault.delete('grant'),
    setApp: async (value: AppRegistration) => {
      const stored = await app.get(appRegistrationId);
      await app.replace(appRegistrationId, value, stored?.etag ?? '');
    },
  };
}

async function codeOf(refused: Promise<unknown>): Promise<string> {
  return refused.then(
    () => 'nothing was thrown',
    (thrown: unknown) => toGatewayError(thrown).code,
  );
}

describe('the token of a mailbox', () => {
  it('is asked for once, and given to all until five minutes before its end', async () => {
    const { get, asked } = createTokens();
    expect(await Promise.all([get(), get(), get()])).toEqual(['token 1', 'token 1', 'token 1']);
    vi.advanceTimersByTime(55 * minute - 1);
    expect(await get()).toBe('token 1');
    vi.advanceTimersByTime(1);
    expect(await get()).toBe('token 2');
    expect(asked).toHaveLength(2);
  });

  it('that a mail server has refused is replaced, once for all who were refused', async () => {
    const { token, get, asked } = createTokens();
    const first = await token();
    expect(await Promise.all([get(first), get(first)])).toEqual(['token 2', 'token 2']);
    expect(await get(first)).toBe('token 2');
    expect(asked).toEqual([{ forceRefresh: false }, { forceRefresh: true }]);
  });

  it('comes with a new registration from the next refresh on', async () => {
    const { get, setApp, clients } = createTokens();
    await get();
    await setApp({
      clientId: 'one',
      tenant: 'common',
      clientSecrets: [{ name: 'renewed', setAt: '2026-11-22T00:00:00Z' }],
    });
    expect(await get()).toBe('token 1');
    vi.advanceTimersByTime(hour);
    expect(await get()).toBe('token 2');
    vi.advanceTimersByTime(hour);
    await get();
    expect(clients).toEqual(['one', 'one']);
  });

  it('is kept once a day, and is good even when it cannot be kept', async () => {
    const { get, writes, breakVault } = createTokens();
    const pass = async (hours: number) => {
      for (; hours > 0; hours--) {
        await get();
        vi.advanceTimersByTime(hour);
      }
    };
    await pass(24);
    expect(writes()).toBe(0);
    breakVault();
    expect(await get()).toBe('token 25');
    expect(writes()).toBe(0);
    breakVault(false);
    // The day was noted before the vault failed: it may have taken the token, and is not asked again.
    await pass(24);
    expect(writes()).toBe(0);
    await pass(24);
    expect(writes()).toBe(1);
  });

  it('is the application’s own where nobody signs in', async () => {
    const { get, asked } = createTokens();
    const app = { ...account, access: 'application', tenantId: 'contoso' } as const;
    expect(await get(undefined, app)).toBe('of contoso');
    expect(await codeOf(get(undefined, { ...app, state: 'not-connected' }))).toBe('account-not-connected');
    expect(asked).toEqual([]);
  });

  it('is not to be had without a grant, and that says what to do', async () => {
    const { get, loseGrant, asked } = createTokens();
    expect(await codeOf(get(undefined, { ...account, state: 'not-connected' }))).toBe('account-not-connected');
    for (const code of ['reauth-required', 'sign-in-blocked'] as const) {
      const cause = { code, detail: 'died', actor: 'tenant admin', remedy: 'mend it', at: '' } as const;
      expect(await codeOf(get(undefined, { ...account, state: 'reauth-required', cause }))).toBe(code);
    }
    loseGrant();
    expect(await codeOf(get())).toBe('reauth-required');
    expect(asked).toEqual([]);
  });

  it('is asked for again after a failure', async () => {
    const { get, refuse, clients } = createTokens();
    refuse(Object.assign(new Error('x'), { errorCode: 'network_error', errorMessage: '' }));
    expect(await codeOf(get())).toBe('sign-in-unavailable');
    refuse(Object.assign(new Error('x'), { errorCode: 'invalid_grant', errorMessage: 'AADSTS50173: Words.' }));
    expect(await codeOf(get())).toBe('reauth-required');
    refuse();
    expect(await get()).toBe('token 3');
    expect(clients).toHaveLength(3);
  });
});
