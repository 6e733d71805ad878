import { expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { disconnectAccount } from '../../functions/accounts/disconnect-account.ts';
import { keepTokens } from '../../functions/accounts/keep-tokens.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { SecretStore } from '../../functions/shared/secret-store.ts';
import { createMemoryCollection } from './memory-collection.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const day = 24 * 3_600_000;
const at = (milliseconds: number): Date => new Date(noon + milliseconds);
const account: Account = {
  ...{ id: 'acc_aaaaaaaaaa', address: 'ada@contoso.example', kind: 'user', state: 'connected', tokenSecret: 'grant' },
  ...{ createdAt: at(0).toISOString(), connectedAt: at(0).toISOString() },
};
const tokens = (): Secret => new Secret('refreshed');

function start(whileSetting: () => Promise<unknown> = () => Promise.resolve()) {
  const accounts = createMemoryCollection<Account>({ [account.id]: account });
  const vault = new Map([['grant', 'consented']]);
  let writes = 0;
  const secrets: SecretStore = {
    get: () => Promise.reject(new Error('Not asked for.')),
    set: async (name, secret) => {
      await whileSetting();
      writes += 1;
      vault.set(name, secret.reveal());
    },
    remove: (name) => Promise.resolve(void vault.delete(name)),
  };
  return { accounts, secrets, vault, writes: () => writes };
}

it('of any number of instances one writes, a day after the last', async () => {
  const { accounts, secrets, writes } = start();
  const all = (now: Date) =>
    Promise.all([1, 2, 3, 4].map(() => keepTokens(account, tokens, now, { accounts, secrets })));
  await all(at(day - 1));
  expect(writes()).toBe(0);
  await all(at(day));
  expect(writes()).toBe(1);
  await all(at(2 * day - 1));
  expect(writes()).toBe(1);
  await all(at(2 * day));
  expect(writes()).toBe(2);
});

it('what was disconnected meanwhile does not come back', async () => {
  const { accounts, secrets, vault } = start(async () => {
    const stored = await accounts.get(account.id);
    if (stored?.value.state === 'connected') await disconnectAccount(stored, { accounts, secrets });
  });
  await keepTokens(account, tokens, at(day), { accounts, secrets });
  expect([...vault.keys()]).toEqual([]);
});

it('nothing is kept for a grant that another has taken the place of', async () => {
  const { accounts, secrets, vault } = start();
  await keepTokens({ ...account, tokenSecret: 'former' }, tokens, at(2 * day), { accounts, secrets });
  expect([...vault]).toEqual([['grant', 'consented']]);
});
