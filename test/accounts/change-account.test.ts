import { expect, it } from 'vitest';
import type { Account, Identity } from '../../functions/accounts/account.ts';
import { changeAccount, type AccountChange } from '../../functions/accounts/change-account.ts';
import { createMemoryCollection } from './memory-collection.ts';

const ada: Identity = { objectId: 'ada', tenantId: 'contoso', address: 'ada@contoso.example' };
const connected = { state: 'connected', tokenSecret: 'grant', connectedAt: '', createdAt: '' } as const;
const own: Account = { id: 'acc_1', address: 'desk@contoso.example', kind: 'user', ...connected, identity: ada };
const shared: Account = { ...own, kind: 'shared', delegate: 'ada@contoso.example' };

async function change(before: Account, wanted: AccountChange) {
  const forgotten: string[] = [];
  const accounts = createMemoryCollection({ [before.id]: before });
  const secrets = {
    get: () => Promise.resolve(undefined),
    set: () => Promise.resolve(),
    remove: (name: string) => Promise.resolve(void forgotten.push(name)),
  };
  const stored = await accounts.get(before.id);
  if (stored === undefined) throw new Error('There is no account.');
  const { value } = await changeAccount(stored, wanted, { accounts, secrets });
  expect((await accounts.get(before.id))?.value).toEqual(value);
  return { value, forgotten };
}

it.each<[string, Account, AccountChange]>([
  ['an alias more', { ...own, aliases: ['ada@contoso.example'] }, { aliases: ['ADA@contoso.example', 'b@c.example'] }],
  [
    'an alias less that was somebody else’s',
    { ...own, aliases: [ada.address, 'b@c.example'] },
    { aliases: [ada.address] },
  ],
  ['the same delegate', shared, { delegate: 'Ada@contoso.example' }],
  [
    'a delegate whose other name is an alias',
    { ...shared, aliases: [ada.address] },
    { delegate: 'grace@contoso.example' },
  ],
  ['an alias, where the person was renamed at Microsoft', own, { aliases: ['b@c.example'] }],
  ['nothing', shared, {}],
])('leaves the person who signed in: %s', async (_name, before, wanted) => {
  const { value, forgotten } = await change(before, wanted);
  expect(value).toEqual({ ...before, ...wanted });
  expect(forgotten).toEqual([]);
});

it.each<[string, Account, AccountChange]>([
  ['another delegate', shared, { delegate: 'grace@contoso.example' }],
  [
    'another delegate, where the former was renamed',
    { ...shared, identity: { ...ada, address: 'al@c.example' } },
    { delegate: 'grace@contoso.example' },
  ],
  ['his alias goes', { ...own, aliases: [ada.address] }, { aliases: [] }],
  ['another delegate, though nobody is connected', { ...shared, state: 'not-connected' }, { delegate: 'b@c.example' }],
])('forgets the person who is not named any more: %s', async (_name, before, wanted) => {
  const { value, forgotten } = await change(before, wanted);
  const { identity, tokenSecret, connectedAt, ...rest } = before;
  expect(value).toEqual({ ...rest, ...wanted, state: 'not-connected' });
  expect(forgotten).toEqual(['grant']);
});
