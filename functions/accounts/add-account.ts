import { normalise } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Account } from './account.ts';

export interface NewAccount {
  readonly address: string;
  readonly aliases?: readonly string[] | undefined;
  readonly kind: Account['kind'];
  readonly delegate?: string | undefined;
}

/** Adds an account, not connected yet. @throws GatewayError `conflict` when its address has one */
export async function addAccount(
  call: Call,
  wanted: NewAccount,
  accounts: Collection<Account>,
): Promise<Stored<Account>> {
  const same = (await accounts.list()).find(({ value }) => normalise(value.address) === normalise(wanted.address));
  if (same !== undefined) {
    throw new GatewayError('conflict', `${wanted.address} has an account already: ${same.value.id}.`, {
      data: { errors: [{ pointer: '/address', detail: `belongs to ${same.value.id}` }] },
    });
  }
  const { address, aliases, kind, delegate } = wanted;
  const account: Account = {
    id: newId('acc'),
    address,
    ...(aliases !== undefined && { aliases }),
    kind,
    ...(delegate !== undefined && { delegate }),
    state: 'not-connected',
    createdAt: call.now().toISOString(),
  };
  return accounts.add(account.id, account);
}
