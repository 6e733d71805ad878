import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { anonymous } from '../../functions/access/caller.ts';
import type { Account } from '../../functions/accounts/account.ts';
import { appRegistrationId, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import { keepGrant } from '../../functions/accounts/keep-grant.ts';
import type { MailboxTokens } from '../../functions/accounts/sign-in.ts';
import { tendAccounts } from '../../functions/accounts/tend-accounts.ts';
import { createAppProofs } from '../../functions/azure/app-proofs.ts';
import { createKeyVaultSecretStore } from '../../functions/azure/keyvault-secret-store.ts';
import { createMsalApplicationTokens } from '../../functions/azure/msal-application-tokens.ts';
import { createMsalClients } from '../../functions/azure/msal-client.ts';
import { createMsalMailboxTokens } from '../../functions/azure/msal-mailbox-tokens.ts';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { Destination } from '../../functions/events/destination.ts';
import type { RaisePorts } from '../../functions/events/raise-events.ts';
import type { Call } from '../../functions/shared/call.ts';
import type { Collection } from '../../functions/shared/collection.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { clientId, clientSecret, msalFor, signIn, startTenant, tenantId } from '../dev/microsoft365/tenant-for-test.ts';
import { certificate, credentialOf, startVaultUnderTest } from '../dev/vault/vault-under-test.ts';
import { createMemoryCollection } from './memory-collection.ts';

setDefaultCACertificates([...getCACertificates('default'), certificate]);

const address = 'anna@contoso.test';
const accountId = 'acc_aaaaaaaaaa';

export const silentCall: Call = {
  id: 'call',
  caller: anonymous,
  signal: new AbortController().signal,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  now: () => new Date(),
};

/** A destination that wants every event of an account, and what it was told: by id, so that repeats do not show. */
export function createListener(): RaisePorts & { told: () => Delivery['event'][]; isDown: (down: boolean) => void } {
  const told = new Map<string, Delivery['event']>();
  let down = false;
  const listener: Destination = {
    ...{
      id: 'dst_aaaaaaaaaa',
      kind: 'webhook',
      name: 'x',
      url: 'https://hook.example',
      secretName: 's',
      createdAt: '',
    },
    ...{ state: 'active', concurrency: 1 },
    events: ['account.connected', 'account.reauth_required', 'account.recovered'],
  };
  return {
    told: () => [...told.values()],
    isDown: (now) => void (down = now),
    destinations: createMemoryCollection<Destination>({ [listener.id]: listener }),
    deliveries: {
      add: (entries: readonly { record: Delivery }[]) => {
        if (down) return Promise.reject(new Error('Storage is down.'));
        for (const { record } of entries) told.set(record.id, record.event);
        return Promise.resolve();
      },
    } as unknown as RaisePorts['deliveries'],
    queues: { send: () => Promise.resolve(), fetch: () => Promise.resolve(), deliver: () => Promise.resolve() },
  };
}

/** One account in the dev Entra and the dev vault, and as many instances of Postern as one likes. */
export async function startInstances() {
  const microsoft365 = await startTenant();
  const vault = await startVaultUnderTest();
  const secrets = createKeyVaultSecretStore(vault.url, () => Promise.resolve(credentialOf('right')));
  const asked: string[] = [];
  const note = (line: string): void => void asked.push(line);
  const rows = createMemoryCollection<Account>({}, note);
  const accounts: Collection<Account> = {
    ...rows,
    list() {
      note('list');
      return rows.list();
    },
  };
  const app = createMemoryCollection<AppRegistration>({
    [appRegistrationId]: { clientId, tenant: tenantId, clientSecrets: [{ name: 'client-secret', setAt: '' }] },
  });
  const listener = createListener();
  await secrets.set('client-secret', new Secret(clientSecret));
  await accounts.add(accountId, {
    ...{ id: accountId, address, kind: 'user', state: 'not-connected', createdAt: new Date().toISOString() },
  });

  const read = async (): Promise<Account> => {
    const stored = await accounts.get(accountId);
    if (stored === undefined) throw new Error('The account is gone.');
    return stored.value;
  };
  const newInstance = (): MailboxTokens => {
    const proofs = createAppProofs(secrets, () => Promise.reject(new Error('Not asked for.')));
    const createClient = createMsalClients(microsoft365.authority, proofs);
    const applicationTokens = createMsalApplicationTokens(createClient, { app });
    return createMsalMailboxTokens(createClient, { app, accounts, secrets, applicationTokens });
  };
  return {
    microsoft365,
    vault,
    accounts,
    listener,
    /** What was asked of the accounts' table. */
    asked,
    read,
    newInstance,
    /** A token as an instance has it for the account as it is now. */
    token: async (instance: MailboxTokens) => (await instance.accessToken(await read())).reveal(),
    /** Versions of the account's secret. */
    versions: async () => vault.versions((await read()).tokenSecret ?? ''),
    consent: async () => {
      const client = msalFor(microsoft365, tenantId);
      const { account } = await signIn(microsoft365, address, client);
      const identity = { objectId: account?.localAccountId ?? '', tenantId, address };
      const tokens = new Secret(client.getTokenCache().serialize());
      return keepGrant(silentCall, accountId, { identity, tokens }, { accounts, secrets });
    },
    sweep: (instance: MailboxTokens) => tendAccounts(silentCall, { accounts, tokens: instance, ...listener }),
  };
}
