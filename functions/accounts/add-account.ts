import { normalise } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Account } from './account.ts';
import { appRegistrationId, type AppRegistration } from './app-registration.ts';

export interface NewAccount {
  readonly address: string;
  readonly aliases?: readonly string[] | undefined;
  readonly kind: Account['kind'];
  readonly delegate?: string | undefined;
  readonly access: 'delegated' | 'application';
  readonly tenantId?: string | undefined;
}

interface Ports {
  readonly accounts: Collection<Account>;
  readonly app: Collection<AppRegistration>;
}

/**
 * Adds an account, not connected yet.
 * @throws GatewayError `conflict` when its address has one, `request-invalid` for an application without a tenant
 */
export async function addAccount(call: Call, wanted: NewAccount, { accounts, app }: Ports): Promise<Stored<Account>> {
  const same = (await accounts.list()).find(({ value }) => normalise(value.address) === normalise(wanted.address));
  if (same !== undefined) {
    throw new GatewayError('conflict', `${wanted.address} has an account already: ${same.value.id}.`, {
      data: { errors: [{ pointer: '/address', detail: `belongs to ${same.value.id}` }] },
    });
  }
  const { address, aliases, kind, delegate, access } = wanted;
  const tenantId = access === 'application' ? await tenantOf(wanted, app) : undefined;
  const account: Account = {
    id: newId('acc'),
    address,
    ...(aliases !== undefined && { aliases }),
    kind,
    ...(delegate !== undefined && { delegate }),
    ...(tenantId !== undefined && { access: 'application', tenantId }),
    state: 'not-connected',
    createdAt: call.now().toISOString(),
  };
  return accounts.add(account.id, account);
}

/** An application acts in one tenant: the one that is given, or the app registration's own. */
async function tenantOf({ tenantId }: NewAccount, app: Collection<AppRegistration>): Promise<string> {
  if (tenantId !== undefined) return tenantId;
  const tenant = (await app.get(appRegistrationId))?.value.tenant;
  if (tenant !== undefined && !notOne.has(tenant)) return tenant;
  const detail = 'is required: the app registration names no single tenant';
  throw new GatewayError('request-invalid', `/tenantId ${detail}.`, {
    data: { errors: [{ pointer: '/tenantId', detail }] },
  });
}

const notOne = new Set(['common', 'organizations', 'consumers']);
